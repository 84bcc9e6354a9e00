/// Reads one operation as Jepsen and Knossos write it:
/// `{:process 3, :type :invoke, :f :write, :value 4}`, values of keyed histories as `[k v]`.
struct EDNOperation {
  private var edn: EDNText
  private var fields = RecordFields()
  private var value: (offset: Int, form: EDNText.Form)?
  private var isSkipped = false

  private static let words = RecordFields.Words(
    process: ":process and a whole number", type: ":type and :invoke, :ok, :fail or :info",
    function: ":f and :read, :write or :cas", key: ":value [key value]", pair: ":value [from to]")

  /// Reads the text of one form. Nil where it is of no interest: a nemesis' operation, or a form
  /// that is discarded. Throws where it is no operation.
  static func record(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
  ) throws(TextFault) -> OperationRecord? {
    var operation = EDNOperation(edn: EDNText(bytes, maximumDepth: maximumDepth))
    return try operation.record()
  }

  private init(edn: EDNText) { self.edn = edn }

  private mutating func record() throws(TextFault) -> OperationRecord? {
    try edn.skipSpace()
    if edn.text.isAtEnd { return nil }
    try edn.skipTags(depth: 1)
    guard edn.text.next == UInt8(ascii: "{") else { throw edn.wrong("`{:process …}`") }
    edn.text.at += 1
    try edn.skipSpace()
    var seen: Set<String> = []
    while edn.text.next != UInt8(ascii: "}") {
      let start = edn.text.at
      guard !edn.text.isAtEnd else {
        throw TextFault(start, "the text ends inside an operation", expected: "`}`")
      }
      let key = edn.text.next == UInt8(ascii: ":") ? try keyword() : nil
      if let key {
        guard seen.insert(key).inserted else {
          throw TextFault(start, "\(key) is given twice", expected: "it once")
        }
      } else {
        try edn.skipForm(depth: 2)
      }
      try edn.skipSpace()
      guard edn.text.next != UInt8(ascii: "}") else {
        throw TextFault(start, "\(edn.text.shown(from: start)) has no value", expected: "a value")
      }
      try entry(key)
      try edn.skipSpace()
    }
    let end = edn.text.at
    edn.text.at += 1
    try edn.skipSpace()
    guard edn.text.isAtEnd else { throw edn.wrong("the end of the operation") }
    if isSkipped { return nil }
    try takeValue()
    if fields.key == nil { fields.key = "" }
    return try fields.record(Self.words, end: end)
  }

  private mutating func keyword() throws(TextFault) -> String {
    let start = edn.token()
    return try edn.text.text(start, edn.text.at)
  }

  private mutating func entry(_ key: String?) throws(TextFault) {
    switch key {
    case ":process":
      let start = edn.text.at
      switch try edn.form(depth: 2) {
      case .value(.integer(let process)): fields.process = process
      // Words name those who disturb, as :nemesis does; they operate on nothing.
      case .value(.text) where edn.text.bytes[start] == UInt8(ascii: ":"): isSkipped = true
      default: throw unfit(start, "a whole number, or a word such as :nemesis")
      }
    case ":type": fields.kind = try word(":invoke, :ok, :fail or :info")
    case ":f": fields.function = try function()
    case ":value":
      let start = edn.text.at
      value = (start, try edn.form(depth: 2))
    case ":time": fields.time = try number("a whole number of nanoseconds, or nil")
    case ":version": fields.version = try number("a whole number, or nil")
    case ":siblings": fields.hasSiblings = try flag()
    case ":unordered": fields.isUnordered = try flag()
    case ":clock":
      let start = edn.text.at
      guard case .value(.text(let text)) = try edn.form(depth: 2),
        let clock = VersionClock(text: text)
      else { throw unfit(start, "\"n1=4 n2=7 n2+9\"") }
      fields.clock = clock
    default: try edn.skipForm(depth: 2)
    }
  }

  private mutating func flag() throws(TextFault) -> Bool {
    let start = edn.token()
    switch try edn.text.text(start, edn.text.at) {
    case "true": return true
    case "false", "nil": return false
    default: throw unfit(start, "true or false")
    }
  }

  private func unfit(_ start: Int, _ expected: String) -> TextFault {
    TextFault(start, "\(edn.text.shown(from: start)) does not fit", expected: expected)
  }

  private mutating func word<Word: RawRepresentable>(
    _ expected: String
  ) throws(TextFault) -> Word where Word.RawValue == String {
    let start = edn.text.at
    guard case .value(.text(let text)) = try edn.form(depth: 2),
      edn.text.bytes[start] == UInt8(ascii: ":"),
      let word = Word(rawValue: String(text.dropFirst()))
    else { throw unfit(start, expected) }
    return word
  }

  /// Functions of a nemesis (`:start-partition`) are only wrong where a client has them, which is
  /// known when the whole map is.
  private mutating func function() throws(TextFault) -> OperationRecord.Function? {
    let start = edn.text.at
    guard case .value(.text(let text)) = try edn.form(depth: 2),
      edn.text.bytes[start] == UInt8(ascii: ":")
    else { throw unfit(start, ":read, :write or :cas") }
    if let function = OperationRecord.Function(rawValue: String(text.dropFirst())) {
      return function
    }
    unknownFunction = unfit(start, ":read, :write or :cas")
    return nil
  }

  private var unknownFunction: TextFault?

  private mutating func number(_ expected: String) throws(TextFault) -> Int64? {
    let start = edn.text.at
    switch try edn.form(depth: 2) {
    case .value(.integer(let number)): return number
    case .null: return nil
    default: throw unfit(start, expected)
    }
  }

  /// Tells key and value apart, once function and type are known.
  private mutating func takeValue() throws(TextFault) {
    if let unknownFunction { throw unknownFunction }
    guard let (offset, form) = value else { return }
    fields.valueOffset = offset
    // How an operation failed or hung often stands here; it changes nothing.
    let isLenient = fields.kind == .fail || fields.kind == .info
    switch form {
    case .null: break
    case .value(let value): fields.value = .scalar(value)
    case .vector(let items) where items.count == 2:
      if fields.function == .cas, let from = Self.scalar(items[0].form),
        let to = Self.scalar(items[1].form), to != nil
      {
        fields.value = .pair(from, to)
      } else {
        try takeKeyed(items[0], items[1], isLenient)
      }
    case .vector where isLenient, .other where isLenient: break
    case .vector, .other: throw unfit(offset, expectedValue)
    }
    if isLenient, case .scalar = fields.value, fields.function == .cas { fields.value = .absent }
  }

  private mutating func takeKeyed(
    _ key: EDNText.Item, _ value: EDNText.Item, _ isLenient: Bool
  ) throws(TextFault) {
    switch key.form {
    case .value(.text(let text)): fields.key = text
    case .value(.integer(let number)): fields.key = "\(number)"
    default:
      if isLenient { return }
      throw unfit(key.offset, "a key: a whole number, a text or a keyword")
    }
    switch value.form {
    case .null: break
    case .value(let value): fields.value = .scalar(value)
    case .vector(let items):
      if items.count == 2, let from = Self.scalar(items[0].form),
        let to = Self.scalar(items[1].form)
      {
        fields.value = .pair(from, to)
      } else if !isLenient {
        throw unfit(value.offset, expectedValue)
      }
    case .other:
      if !isLenient { throw unfit(value.offset, expectedValue) }
    }
  }

  private var expectedValue: String {
    fields.function == .cas
      ? "[from to], or [key [from to]]" : "a whole number, a text or nil, alone or as [key value]"
  }

  /// The value, nil or not, of a form that is one; nil where it is none.
  private static func scalar(_ form: EDNText.Form) -> HistoryValue?? {
    switch form {
    case .null: .some(nil)
    case .value(let value): .some(value)
    case .vector, .other: nil
    }
  }
}
