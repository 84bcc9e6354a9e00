/// Writes records in both formats that `HistoryReader` reads.
public enum HistoryWriter {
  /// One line of JSON Lines, without a line feed.
  public static func json(_ record: OperationRecord) -> String {
    var line = "{\"process\": \(record.process), \"type\": \"\(record.kind.rawValue)\""
    line += ", \"f\": \"\(record.function.rawValue)\", \"key\": "
    quote(record.key, to: &line)
    line += ", \"value\": "
    if record.function == .cas, record.hasValue {
      line += "["
      json(record.from, to: &line)
      line += ", "
      json(record.value, to: &line)
      line += "]"
    } else {
      json(record.value, to: &line)
    }
    if let time = record.time { line += ", \"time\": \(time)" }
    if let version = record.version { line += ", \"version\": \(version)" }
    if record.hasSiblings { line += ", \"siblings\": true" }
    if record.isUnordered { line += ", \"unordered\": true" }
    if let clock = record.clock {
      line += ", \"clock\": "
      quote(clock.text, to: &line)
    }
    if record.attempts > 1 { line += ", \"attempts\": \(record.attempts)" }
    if !record.steps.isEmpty {
      steps(
        record.steps, ["\"time\": ", ", \"by\": ", ", \"to\": ", ", \"what\": "], ", \"steps\": [",
        ", ", &line)
    }
    if let told = record.course { course(told, asEDN: false, to: &line) }
    return line + "}"
  }

  /// The steps as maps of four fields, with the names in the format's writing.
  private static func steps(
    _ steps: [OperationRecord.Step], _ names: [String], _ start: String, _ between: String,
    _ line: inout String
  ) {
    line += start
    for (place, step) in steps.enumerated() {
      line += (place > 0 ? between : "") + "{\(names[0])\(step.time)\(names[1])"
      quote(step.by, to: &line)
      if let to = step.to {
        line += names[2]
        quote(to, to: &line)
      }
      line += names[3]
      quote(step.what, to: &line)
      line += "}"
    }
    line += "]"
  }

  /// One operation as Jepsen writes it, without a line feed; values as `[key value]` unless the
  /// key is empty.
  public static func edn(_ record: OperationRecord) -> String {
    var line = "{:process \(record.process), :type :\(record.kind.rawValue)"
    line += ", :f :\(record.function.rawValue), :value "
    if !record.key.isEmpty {
      line += "["
      quote(record.key, to: &line)
      line += " "
    }
    if record.function == .cas, record.hasValue {
      line += "["
      edn(record.from, to: &line)
      line += " "
      edn(record.value, to: &line)
      line += "]"
    } else {
      edn(record.value, to: &line)
    }
    if !record.key.isEmpty { line += "]" }
    if let time = record.time { line += ", :time \(time)" }
    if let version = record.version { line += ", :version \(version)" }
    if record.hasSiblings { line += ", :siblings true" }
    if record.isUnordered { line += ", :unordered true" }
    if let clock = record.clock {
      line += ", :clock "
      quote(clock.text, to: &line)
    }
    if record.attempts > 1 { line += ", :attempts \(record.attempts)" }
    if !record.steps.isEmpty {
      steps(record.steps, [":time ", ", :by ", ", :to ", ", :what "], ", :steps [", " ", &line)
    }
    if let told = record.course { course(told, asEDN: true, to: &line) }
    return line + "}"
  }

  static func json(_ value: HistoryValue?, to line: inout String) {
    write(value, none: "null", to: &line)
  }

  private static func edn(_ value: HistoryValue?, to line: inout String) {
    // A keyword is read as a text that begins with a colon, and goes back as it came.
    if case .text(let text) = value, isKeyword(text) {
      line += text
    } else {
      write(value, none: "nil", to: &line)
    }
  }

  private static func isKeyword(_ text: String) -> Bool {
    text.utf8.count > 1 && text.utf8.first == UInt8(ascii: ":")
      && text.utf8.dropFirst().allSatisfy {
        ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39)
          || $0 == UInt8(ascii: "-")
      }
  }

  private static func write(
    _ value: HistoryValue?, none: StaticString, to line: inout String
  ) {
    switch value {
    case nil: line += "\(none)"
    case .integer(let number): line += "\(number)"
    case .text(let text): quote(text, to: &line)
    }
  }

  /// A text in quotes. Every escape here means the same in JSON and in EDN.
  static func quote(_ text: String, to line: inout String) {
    line += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: line.unicodeScalars.append(scalar)
      }
    }
    line += "\""
  }
}
