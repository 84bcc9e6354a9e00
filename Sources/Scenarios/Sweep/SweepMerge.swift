/// Puts the shards of a sweep together again: the very bytes that the whole sweep prints.
public struct SweepMerge {
  /// One run's line, as it stood in its file.
  private struct Run {
    let index: Int
    let text: String
    let file: String
    let number: Int
  }
  private var runs: [Run] = []
  /// The file of each shard, by its number less one; nil where it has not come.
  private var shards: [String?] = []
  private var identity: JSONValue?
  private var total = 0

  public init() {}

  /// Reads one shard's file. Throws `ScenarioError` where it is none, is cut off, or belongs to
  /// another sweep.
  public mutating func add(_ text: String, file: String) throws(ScenarioError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    guard let last = lines.popLast() else {
      throw ScenarioError(file: file, message: "is empty; a shard of a sweep is expected")
    }
    let end = try Self.read(last, file, lines.count + 1)
    guard let shard = end["shard"], let index = shard["index"]?.integer,
      let count = shard["of"]?.integer, let sweep = shard["sweep"],
      let runCount = sweep["runs"]?.integer, count >= 1, (1...count).contains(index)
    else {
      throw Self.problem(
        file, lines.count + 1,
        "is no last line of a shard (`{\"shard\": …}`): the file is cut off or no shard")
    }
    if let identity, identity != sweep || shards.count != count {
      throw Self.problem(
        file, lines.count + 1,
        "is a shard of another sweep than \(shards.compactMap { $0 }.first ?? "the others")")
    }
    identity = sweep
    total = runCount
    if shards.isEmpty { shards = Array(repeating: nil, count: count) }
    if let other = shards[index - 1] {
      throw Self.problem(file, lines.count + 1, "is shard \(index)/\(count), as \(other) is")
    }
    shards[index - 1] = file
    for (place, line) in lines.enumerated() {
      guard let run = try Self.read(line, file, place + 1)["run"]?.integer,
        run == index - 1 + place * count
      else {
        throw Self.problem(
          file, place + 1, "run \(index - 1 + place * count) of the sweep is expected here")
      }
      runs.append(Run(index: run, text: line, file: file, number: place + 1))
    }
  }

  /// The text of the whole sweep, and whether no run missed an objective. Throws `ScenarioError`
  /// where a shard or a run is missing.
  public mutating func whole() throws(ScenarioError) -> (text: String, holds: Bool) {
    let missing = shards.indices.filter { shards[$0] == nil }.map { "\($0 + 1)/\(shards.count)" }
    guard missing.isEmpty, let identity else {
      throw ScenarioError(
        file: "merge", message: "missing shards: \(missing.prefix(20).joined(separator: ", "))")
    }
    runs.sort { $0.index < $1.index }
    guard runs.count == total else {
      let gap = runs.indices.first { runs[$0].index != $0 } ?? runs.count
      throw ScenarioError(
        file: shards[gap % shards.count] ?? "merge",
        message: "is cut off: run \(gap) of \(total) is missing")
    }
    var summary = SweepSummary()
    var text = ""
    for run in runs {
      let value = try Self.read(run.text, run.file, run.number)
      guard let line = SweepLine(value) else {
        throw Self.problem(run.file, run.number, "is no run of a sweep")
      }
      summary.add(line)
      text += run.text + "\n"
    }
    text += summary.json(of: identity).text + "\n"
    return (text, summary.holds)
  }

  private static func read(
    _ line: String, _ file: String, _ number: Int
  ) throws(ScenarioError) -> JSONValue {
    do { return try JSONReader.value(line) } catch {
      throw ScenarioError(
        file: file, line: number, column: error.offset + 1,
        message: "is no line of a sweep: \(error.message)")
    }
  }

  private static func problem(_ file: String, _ line: Int, _ message: String) -> ScenarioError {
    ScenarioError(file: file, line: line, column: 1, message: message)
  }
}

extension SweepLine {
  /// A run's line read back; nil where it is none.
  fileprivate init?(_ value: JSONValue) {
    guard let index = value["run"]?.integer, let seed = value["seed"],
      case .object(let settings)? = value["settings"], let holds = value["holds"],
      case .object(let figures)? = value["figures"], let hash = value["state_hash"]?.text
    else { return nil }
    self.index = index
    self.seed = UInt64(seed.text) ?? 0
    self.settings = settings.map { field in
      if case .string(let text) = field.value { return (field.key, text) }
      return (field.key, field.value.text)
    }
    stateHash = hash
    switch holds {
    case .bool(let holds): self.holds = holds
    case .null: self.holds = nil
    default: return nil
    }
    self.figures = figures.map { ($0.key, $0.value.double) }
  }
}

extension JSONValue {
  /// The value of a field; nil where this is no object, or has none of that name.
  subscript(name: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.key == name }?.value
  }

  fileprivate var integer: Int? {
    if case .integer(let value) = self { return value }
    return nil
  }

  fileprivate var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    case .null, .bool, .string, .array, .object: nil
    }
  }
}
