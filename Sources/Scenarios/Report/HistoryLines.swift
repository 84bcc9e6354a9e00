import Consistency

/// History files: one operation event a line, as `clustertop check` reads them.
public enum HistoryLines {
  /// One line of JSON for a record, without a line feed.
  public static func line(_ record: OperationRecord) -> String {
    var fields: [(String, JSONValue)] = [
      ("process", .integer(Int(record.process))),
      ("type", .string(record.kind.rawValue)),
      ("f", .string(record.function.rawValue)),
      ("key", .string(record.key)),
      ("value", record.value.map { .unsigned($0) } ?? .null),
      ("time", .integer(Int(record.time))),
    ]
    if let version = record.version { fields.append(("version", .integer(Int(version)))) }
    return JSONValue.object(fields).text
  }

  /// The lines of all records, each ended by a line feed.
  public static func text(_ records: some Sequence<OperationRecord>) -> String {
    records.reduce(into: "") { $0 += line($1) + "\n" }
  }
}
