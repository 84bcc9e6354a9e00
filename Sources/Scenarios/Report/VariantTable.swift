import ClusterSim

/// Any number of runs of one seed side by side: what their clients got, a row a figure and a column
/// a variant, to be printed and handed round. The JSON form has every figure of every run.
public struct VariantTable {
  private let varied: [String]
  private let common: [String]
  private let runs: [Run]

  private struct Run {
    let settings: [(path: String, value: String)]
    let report: JSONValue
  }

  /// - Parameter runs: what was varied in each, and its report as `RunReport.value` makes it; not
  ///   empty, all of one scenario and seed, all varied in the same paths.
  /// - Parameter common: what was changed in all of them, as `PATH=VALUE`.
  public init(
    _ runs: [(settings: [(path: String, value: String)], report: JSONValue)], common: [String]
  ) {
    precondition(!runs.isEmpty, "a comparison of nothing")
    self.runs = runs.map { Run(settings: $0.settings, report: $0.report) }
    self.common = common
    varied = runs[0].settings.map(\.path)
  }

  // MARK: Rows

  struct Row: Equatable {
    let label: String
    /// By variant, as people read them.
    let cells: [String]
  }

  /// One record a row: what it is called, where it stands in the report, and how it is written.
  private struct Line {
    let label: String
    let path: [String]
    var unit = FigureUnit.count
  }

  private static let heads = [
    Line(label: "answered", path: ["clients", "availability"], unit: .share)
  ]

  private static let figures = [
    Line(label: "read p50", path: ["clients", "latency_ms", "read", "p50"], unit: .milliseconds),
    Line(label: "read p99", path: ["clients", "latency_ms", "read", "p99"], unit: .milliseconds),
    Line(label: "write p50", path: ["clients", "latency_ms", "write", "p50"], unit: .milliseconds),
    Line(label: "write p99", path: ["clients", "latency_ms", "write", "p99"], unit: .milliseconds),
    Line(label: "stale reads", path: ["clients", "stale_reads"]),
    Line(label: "stalest read", path: ["clients", "staleness_ms", "max"], unit: .milliseconds),
    Line(label: "acked writes lost", path: ["clients", "lost_acknowledged_writes"]),
    Line(label: "linearizable", path: ["verdict", "linearizable"]),
    Line(label: "  keys violated", path: ["verdict", "keys_violated"]),
    Line(label: "read your writes", path: ["verdict", "read_your_writes"]),
    Line(label: "monotonic reads", path: ["verdict", "monotonic_reads"]),
  ]

  /// Where there is a web tier.
  private static let path = [
    Line(label: "lost in web tier", path: ["path", "unanswered"]),
    Line(label: "refused by it", path: ["path", "refused"]),
    Line(label: "wait in its lines", path: ["path", "wait_ms", "mean"], unit: .milliseconds),
  ]

  /// More phases than these would bury the rest; the JSON form has them.
  private static let mostPhases = 4

  /// The table's rows from above.
  var rows: [Row] {
    var rows = Self.heads.map(row)
    rows += phases()
    rows += Self.figures.map(row)
    if runs[0].report["path"]?["policy"] != nil { rows += Self.path.map(row) }
    rows.append(Row(label: "messages/operation", cells: runs.map { Self.messages($0.report) }))
    return rows
  }

  private func row(_ line: Line) -> Row {
    Row(
      label: line.label,
      cells: runs.map { run in
        Self.text(line.path.reduce(run.report) { $0?[$1] }, line.unit)
      })
  }

  /// What each location's clients were answered before, during and after the faults, where there
  /// were any: a cut shows only there.
  private func phases() -> [Row] {
    let locations = Self.items(runs[0].report["locations"])
    var rows: [Row] = []
    for (place, location) in locations.enumerated() {
      let phases = Self.items(location["phases"])
      guard phases.count > 1, phases.count <= Self.mostPhases else { continue }
      for number in phases.indices {
        let cells = runs.map { run -> String in
          let there = Self.items(run.report["locations"])
          guard there.indices.contains(place) else { return "-" }
          let phases = Self.items(there[place]["phases"])
          guard phases.indices.contains(number) else { return "-" }
          return Self.text(phases[number]["availability"], .share)
        }
        let label =
          "  \(Self.text(location["name"], .count)) \(Self.text(phases[number]["label"], .count))"
        rows.append(Row(label: label, cells: cells))
      }
    }
    return rows
  }

  private static func messages(_ report: JSONValue) -> String {
    guard case .integer(let sent)? = report["messages"]?["sent"],
      case .integer(let operations)? = report["clients"]?["operations"], operations > 0
    else { return "-" }
    return Decimal.text(Double(sent) / Double(operations), places: 1)
  }

  private static func items(_ value: JSONValue?) -> [JSONValue] {
    guard case .array(let items)? = value else { return [] }
    return items
  }

  private static func text(_ value: JSONValue?, _ unit: FigureUnit) -> String {
    switch value {
    case nil, .null: "-"
    case .bool(let value): value ? "yes" : "no"
    case .string(let word): word
    case .integer(let number): unit == .count ? "\(number)" : unit.text(Double(number))
    case .unsigned(let number): "\(number)"
    case .number(let number): unit.text(number)
    case .array, .object: "…"
    }
  }

  // MARK: Forms

  /// Columns are named by the values where the table then fits 80 columns, else by letters with a
  /// legend above.
  public var text: String {
    var lines = [title + ":"]
    if !common.isEmpty { lines.append("  all with \(common.joined(separator: " "))") }
    let plain = table(heads: names)
    if plain.allSatisfy({ $0.count <= 80 }) {
      lines += plain
    } else {
      let letters = runs.indices.map(Self.letters)
      for (letter, run) in zip(letters, runs) { lines.append("  \(letter): \(Self.changes(run))") }
      lines += table(heads: letters)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var names: [String] {
    runs.map { $0.settings.map(\.value).joined(separator: " ") }
  }

  private var title: String {
    func word(_ key: String) -> String { Self.text(runs[0].report[key], .count) }
    let seconds: String
    if case .number(let value)? = runs[0].report["virtual_seconds"] {
      seconds = JSONValue.digits(value)
    } else {
      seconds = "-"
    }
    return "\(word("scenario")), seed \(word("seed")), \(seconds) s, by "
      + varied.joined(separator: " and ")
  }

  private func table(heads: [String]) -> [String] {
    var table = TextTable([""] + heads)
    for row in rows { table.add([row.label] + row.cells) }
    return table.lines
  }

  /// A, B, … Z, AA, …
  private static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }

  private static func changes(_ run: Run) -> String {
    run.settings.map { "\($0.path)=\($0.value)" }.joined(separator: " ")
  }

  /// A table for a document, with the title above it.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let all = common.isEmpty ? "" : "; all with `\(common.joined(separator: " "))`"
    var text = "\(title)\(all)\n\n" + line([""] + names.map { "`\($0)`" })
    text += "|---|" + String(repeating: "--:|", count: runs.count) + "\n"
    for row in rows { text += line([row.label] + row.cells) }
    return text
  }

  /// The object that `compare --vary --format json` prints: every figure of every run.
  public var json: JSONValue {
    let figures = runs.map { RunFigures(of: $0.report) }
    var paths: [String] = []
    var known: Set<String> = []
    for figure in figures.flatMap(\.all) where known.insert(figure.path).inserted {
      paths.append(figure.path)
    }
    let values = figures.map {
      Dictionary($0.all.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    let first = runs[0].report
    return .object([
      ("scenario", first["scenario"] ?? .null), ("seed", first["seed"] ?? .null),
      ("build", first["build"] ?? .null),
      ("virtual_seconds", first["virtual_seconds"] ?? .null),
      ("set", .array(common.map { .string($0) })),
      (
        "variants",
        .array(
          runs.map { run in
            .object([
              ("set", .object(run.settings.map { ($0.path, .string($0.value)) })),
              ("state_hash", run.report["state_hash"] ?? .null),
              ("settings", run.report["settings"] ?? .null),
            ])
          })
      ),
      (
        "figures",
        .array(
          paths.map { path in
            .object([
              ("figure", .string(path)), ("values", .array(values.map { $0[path] ?? .null })),
            ])
          })
      ),
    ])
  }
}
