import ClusterSim

/// The means of a sweep with their confidence intervals, gathered line by line in the order of the
/// runs, so that a merged sweep adds up to the last digit like one in a single piece.
public struct SweepSummary {
  private struct Group {
    let settings: [(path: String, value: String)]
    var runs = 0
    var judged = 0
    var held = 0
    var means: [(path: String, mean: RunningMean)] = []
    var places: [String: Int] = [:]
  }
  private var groups: [Group] = []
  private var groupOf: [String: Int] = [:]
  /// False where a run missed an objective.
  public private(set) var holds = true

  public init() {}

  public mutating func add(_ line: SweepLine) {
    let name = line.settings.map { "\($0.path)=\($0.value)" }.joined(separator: "\n")
    let place = groupOf[name] ?? groups.count
    if place == groups.count {
      groups.append(Group(settings: line.settings))
      groupOf[name] = place
    }
    groups[place].runs += 1
    if line.holds != nil { groups[place].judged += 1 }
    if line.holds == true { groups[place].held += 1 }
    if line.holds == false { holds = false }
    for figure in line.figures {
      let at = groups[place].places[figure.path] ?? groups[place].means.count
      if at == groups[place].means.count {
        groups[place].places[figure.path] = at
        groups[place].means.append((figure.path, RunningMean()))
      }
      if let value = figure.value { groups[place].means[at].mean.add(value) }
    }
  }

  /// The last line of a sweep; `identity` says which.
  public func json(of identity: JSONValue) -> JSONValue {
    .object([
      (
        "summary",
        .object([
          ("sweep", identity), ("confidence", .number(0.95)),
          ("interval", .string("Student t over the seeds of a setting: mean +- t s / sqrt(n)")),
          (
            "groups",
            .array(
              groups.map { group in
                .object([
                  ("settings", .object(group.settings.map { ($0.path, .string($0.value)) })),
                  ("runs", .integer(group.runs)),
                  ("judged", .integer(group.judged)), ("held", .integer(group.held)),
                  ("figures", .object(group.means.map { ($0.path, $0.mean.json) })),
                ])
              })
          ),
        ])
      )
    ])
  }

  /// The last line of one shard, by which `merge` knows what belongs together.
  public static func shardLine(_ index: Int, of count: Int, _ identity: JSONValue) -> JSONValue {
    .object([
      (
        "shard",
        .object([
          ("index", .integer(index)), ("of", .integer(count)), ("sweep", identity),
        ])
      )
    ])
  }
}
