import Consistency

/// History files: one operation event a line, as `clustertop check` reads them.
public enum HistoryLines {
  /// One line of JSON for a record, without a line feed.
  public static func line(_ record: OperationRecord) -> String { HistoryWriter.json(record) }

  /// The lines of all records, each ended by a line feed.
  public static func text(_ records: some Sequence<OperationRecord>) -> String {
    records.reduce(into: "") { $0 += line($1) + "\n" }
  }
}
