import Consistency

/// History files: one operation event a line, as `clustertop check` reads them.
public enum HistoryLines {
  /// EDN for a name that ends in `.edn`, as Jepsen has it; else JSON Lines.
  public static func format(ofFile name: String) -> HistoryReader.Format {
    name.hasSuffix(".edn") ? .edn : .jsonLines
  }

  /// One line of JSON for a record, without a line feed.
  public static func line(_ record: OperationRecord) -> String { HistoryWriter.json(record) }

  /// The lines of all records, each ended by a line feed.
  public static func text(
    _ records: some Sequence<OperationRecord>, _ format: HistoryReader.Format = .jsonLines
  ) -> String {
    records.reduce(into: "") { text, record in
      text += format == .edn ? HistoryWriter.edn(record) : HistoryWriter.json(record)
      text += "\n"
    }
  }
}
