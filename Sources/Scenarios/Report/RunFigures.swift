import ClusterSim

/// The figures of a run's report by path, such as `clients.latency_ms.read.p99`: what can be put
/// beside another run's. Made from the report itself, so no figure of it is forgotten here.
public struct RunFigures: Sendable {
  public struct Figure: Sendable, Equatable {
    public let path: String
    /// A number, a truth, a word or null.
    public let value: JSONValue

    /// The value as a number to be averaged: truths and verdicts count as 1 and 0; nil for what is
    /// no number, does not exist or is unknown.
    public var number: Double? {
      switch value {
      case .integer(let value): Double(value)
      case .unsigned(let value): Double(value)
      case .number(let value): value.isFinite ? value : nil
      case .bool(let value): value ? 1 : 0
      case .string("yes"): 1
      case .string("no"): 0
      case .string, .null, .array, .object: nil
      }
    }
  }

  /// In the order of the report.
  public private(set) var all: [Figure] = []

  /// What names and describes the run, and lists whose entries cannot be matched between two runs.
  private static let left: Set<String> = [
    "scenario", "seed", "build", "state_hash", "settings", "actions", "violations", "condition",
    "action", "kind", "target", "name", "newest",
  ]

  /// The figures of a report, as `RunReport.value` makes it.
  public init(of report: JSONValue) { add(report, at: "") }

  private mutating func add(_ value: JSONValue, at path: String) {
    switch value {
    case .object(let fields):
      for field in fields where !Self.left.contains(field.key) {
        add(field.value, at: path.isEmpty ? field.key : "\(path).\(field.key)")
      }
    case .array(let items):
      for (index, item) in items.enumerated() { add(item, at: "\(path).\(Self.name(item, index))") }
    case .null, .bool, .integer, .unsigned, .number, .string:
      all.append(Figure(path: path, value: value))
    }
  }

  /// Entries of a list by their names where they have some, else counted from 1.
  private static func name(_ item: JSONValue, _ index: Int) -> String {
    guard case .object(let fields) = item else { return "\(index + 1)" }
    for field in fields where field.key == "name" || field.key == "label" {
      if case .string(let text) = field.value {
        return text.split(separator: " ").joined(separator: "-")
      }
    }
    return "\(index + 1)"
  }

  /// Those of the run as a whole: without the parts by location, by node and by web server.
  public var ofTheWhole: [Figure] {
    let parts = ["locations.", "nodes.", "path.web.", "path.balancers."]
    return all.filter { figure in !parts.contains { figure.path.hasPrefix($0) } }
  }
}
