/// The fields of one operation as they are met, in any order, whatever the format.
struct RecordFields {
  var process: Int64?
  var kind: OperationRecord.Kind?
  var function: OperationRecord.Function?
  var key: String?
  var value: Shape = .absent
  var valueOffset = 0
  var time: Int64?
  var version: Int64?
  var hasSiblings = false
  var isUnordered = false
  var clock: VersionClock?

  /// What stood in the place of the value.
  enum Shape {
    case absent
    case scalar(HistoryValue)
    case pair(HistoryValue?, HistoryValue?)
  }

  /// The words of a format, for its messages.
  struct Words {
    let process: String
    let type: String
    let function: String
    let key: String
    let pair: String
  }

  /// The record, once every field is known to fit the others. `end` is where a missing field would
  /// have stood.
  func record(_ words: Words, end: Int) throws(TextFault) -> OperationRecord {
    guard let process else { throw Self.missing(words.process, end) }
    guard let kind else { throw Self.missing(words.type, end) }
    guard let function else { throw Self.missing(words.function, end) }
    guard let key else { throw Self.missing(words.key, end) }
    var record = OperationRecord(
      process: process, kind: kind, function: function, key: key, value: nil, time: time,
      version: version)
    record.clock = kind == .ok ? clock : nil
    record.hasSiblings = hasSiblings && function == .read && kind == .ok
    record.isUnordered = isUnordered && kind == .ok
    switch (function, value) {
    case (.read, .absent): break
    // What a completion that is not `ok` says about its value means nothing.
    case (_, .absent) where kind != .invoke: break
    case (.read, .scalar(let value)), (.write, .scalar(let value)):
      record.value = value
      record.hasValue = true
    case (.cas, .pair(let from, let to)):
      record.from = from
      record.value = to
      record.hasValue = true
    case (.write, .absent):
      throw TextFault(
        valueOffset > 0 ? valueOffset : end, "a write without a value",
        expected: "a whole number or a text")
    case (.cas, _):
      throw TextFault(
        valueOffset > 0 ? valueOffset : end, "a cas without two values", expected: words.pair)
    case (.read, .pair), (.write, .pair):
      throw TextFault(
        valueOffset, "two values for a \(function.rawValue)",
        expected: "a whole number, a text or nothing")
    }
    return record
  }

  private static func missing(_ word: String, _ end: Int) -> TextFault {
    TextFault(end, "the operation ends without \(word)", expected: word)
  }
}
