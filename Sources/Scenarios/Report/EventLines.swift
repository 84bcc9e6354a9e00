import ClusterSim

/// The event log as JSON Lines: `{"time": NANOSECONDS, "kind": "membership", "text": "…"}`.
public enum EventLines {
  /// A line for each entry, ended by a line feed.
  public static func text(_ entries: some Sequence<LogEntry>) -> String {
    entries.reduce(into: "") { text, entry in
      text +=
        JSONValue.object([
          ("time", .integer(Int(entry.at.nanoseconds))), ("kind", .string(entry.kind.name)),
          ("text", .string(entry.text)),
        ]).text + "\n"
    }
  }
}
