import ClusterSim

/// Two runs of one seed side by side.
public struct RunComparison {
  public struct Side {
    /// What was changed, as `PATH=VALUE`.
    public let changes: [String]
    public let report: JSONValue

    public init(changes: [String], report: JSONValue) {
      self.changes = changes
      self.report = report
    }

    fileprivate func field(_ name: String) -> JSONValue {
      guard case .object(let fields) = report else { return .null }
      return fields.first { $0.key == name }?.value ?? .null
    }
  }

  struct Row: Equatable {
    let path: String
    let left: JSONValue
    let right: JSONValue
    /// Right minus left; nil where either is no number.
    let difference: Double?
  }

  private let left: Side
  private let right: Side
  let rows: [Row]

  public init(_ left: Side, _ right: Side) {
    self.left = left
    self.right = right
    rows = Self.rows(RunFigures(of: left.report), RunFigures(of: right.report))
  }

  /// A row for each figure that either has; one that the other has not is null there.
  private static func rows(_ left: RunFigures, _ right: RunFigures) -> [Row] {
    let other = Dictionary(right.all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var rows = left.all.map { figure in
      let match = other[figure.path]
      return Row(
        path: figure.path, left: figure.value, right: match?.value ?? .null,
        difference: difference(figure.number, match?.number))
    }
    let known = Set(left.all.map(\.path))
    for figure in right.all where !known.contains(figure.path) {
      rows.append(Row(path: figure.path, left: .null, right: figure.value, difference: nil))
    }
    return rows
  }

  /// To twelve digits: 0.3 - 0.1 is 0.19999999999999998 in binary, and people read this.
  private static func difference(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right else { return nil }
    let difference = right - left
    let scale = 1e9
    return abs(difference) < 1e6 ? (difference * scale).rounded() / scale : difference
  }

  /// The object that `compare --format json` prints.
  public var json: JSONValue {
    func side(_ side: Side) -> JSONValue {
      .object([
        ("set", .array(side.changes.map { .string($0) })),
        ("state_hash", side.field("state_hash")), ("settings", side.field("settings")),
      ])
    }
    return .object([
      ("scenario", left.field("scenario")), ("seed", left.field("seed")),
      ("build", left.field("build")), ("virtual_seconds", left.field("virtual_seconds")),
      ("left", side(left)), ("right", side(right)),
      (
        "figures",
        .array(
          rows.map { row in
            .object([
              ("figure", .string(row.path)), ("left", row.left), ("right", row.right),
              ("difference", .number(row.difference)),
            ])
          })
      ),
    ])
  }

  /// A table for people: the figures of the run as a whole, and those of every location and phase
  /// that differ. What is nothing on both sides is left out.
  public var text: String {
    func name(_ side: Side) -> String {
      side.changes.isEmpty ? "as it is" : side.changes.joined(separator: " ")
    }
    func word(_ side: Side, _ key: String) -> String { Self.short(side.field(key)) }
    var lines = [
      "\(word(left, "scenario")), seed \(word(left, "seed")), "
        + "\(word(left, "virtual_seconds")) s of virtual time",
      "  left:  \(name(left))  (state hash \(word(left, "state_hash")))",
      "  right: \(name(right))  (state hash \(word(right, "state_hash")))",
    ]
    var table = TextTable(["figure", "left", "right", "difference"])
    for row in rows where Self.isShown(row) {
      let difference = row.difference.map { ($0 > 0 ? "+" : "") + Self.short(.number($0)) }
      table.add([row.path, Self.short(row.left), Self.short(row.right), difference ?? "-"])
    }
    lines += table.lines
    return lines.map { $0 + "\n" }.joined()
  }

  private static func isShown(_ row: Row) -> Bool {
    let isPart = row.path.hasPrefix("nodes.") || row.path.hasPrefix("locations.")
    if isPart { return row.left != row.right && !row.path.hasPrefix("nodes.") }
    func isNothing(_ value: JSONValue) -> Bool { value == .null || value == .integer(0) }
    return !(isNothing(row.left) && isNothing(row.right))
  }

  /// At most six significant digits.
  private static func short(_ value: JSONValue) -> String {
    switch value {
    case .null: return "-"
    case .string(let text): return text
    case .bool(let value): return value ? "yes" : "no"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .array, .object: return "…"
    case .number(let value):
      guard value != 0, value.isFinite else { return JSONValue.digits(value) }
      var scale = 1.0
      while abs(value) * scale < 1e5, scale < 1e9 { scale *= 10 }
      return JSONValue.digits((value * scale).rounded() / scale)
    }
  }
}
