import ClusterSim
import Consistency

/// A cluster under random faults whose clients are judged while it runs, as the dashboard shows it
/// and `run --format json` prints it, and from the exported history, as `check` does. All must say
/// the same.
public struct VerdictTrial {
  public let seed: UInt64
  public private(set) var operations = 0
  public private(set) var linearizable = Answer.unknown
  public private(set) var causal = Answer.unknown
  public private(set) var stateHash = ""
  /// What the verdicts disagree about; nil where they agree.
  public private(set) var difference: String?

  /// Every choice comes from the seed; `seconds` of virtual time.
  public init(seed: UInt64, seconds: Int = 12) throws(ActionError) {
    self.seed = seed
    let configuration = Self.configuration(seed, seconds)
    var run = try ScenarioRun(
      Scenario(
        name: configuration.name, about: "", configuration: configuration,
        duration: .seconds(Double(seconds)), objectives: [], lesson: nil))
    run.simulation.recordHistory(limit: 1_000_000)
    run.finish()
    let lines = HistoryLines.text(
      run.simulation.takeHistory(), seed % 2 == 0 ? .jsonLines : .edn)
    let own = run.verdict
    operations = own.operations
    linearizable = own.linearizable
    causal = own.causal
    stateHash = run.simulation.stateHash
    difference =
      Self.difference(onScreen: run.simulation.judge, own)
      ?? Self.difference(inReport: run, own)
      ?? Self.difference(own, fromText: lines)
  }

  /// The dashboard does not know yet what becomes of operations under way: they may leave a `yes` open
  /// or prove a violation, and take none back.
  private static func difference(onScreen live: LiveJudge, _ own: Verdict) -> String? {
    for guarantee in SessionGuarantee.allCases where live.answer(guarantee) != own[guarantee] {
      return "\(guarantee.title): dashboard \(live.answer(guarantee)), run \(own[guarantee])"
    }
    if live.linearizable == own.linearizable {
      return live.causal == own.causal && live.causalDoubt == own.causalDoubt
        ? nil : "causal: dashboard \(live.causal), run \(own.causal)"
    }
    if live.hasOpenOperations || live.keysBehind > 0,
      live.linearizable == .yes || own.linearizable == .no
    {
      return nil
    }
    return "linearizable: dashboard \(live.linearizable), run \(own.linearizable)"
  }

  private static func difference(inReport run: ScenarioRun, _ own: Verdict) -> String? {
    guard
      case .object(let fields)? = try? JSONReader.value(
        JSONValue.object(VerdictJSON.fields(run.verdict)).text)
    else { return "the report has no verdict" }
    var answers = [("linearizable", own.linearizable), ("causal", own.causal)]
    for guarantee in SessionGuarantee.allCases {
      answers.append((guarantee.rawValue, own[guarantee]))
    }
    for (name, answer) in answers
    where fields.first(where: { $0.key == name })?.value != .string(answer.rawValue) {
      return "\(name): another answer in the report than \(answer)"
    }
    return nil
  }

  private static func difference(_ own: Verdict, fromText lines: String) -> String? {
    do {
      var intake = HistoryIntake()
      try intake.feed(lines.utf8)
      var judge = HistoryJudge(try intake.history().0)
      while judge.judgeNextKey() {}
      return difference(own, judge.verdict())
    } catch {
      // A run in which nothing happened exports nothing, and nothing is no history.
      return lines.isEmpty && own.operations == 0 ? nil : "the exported history: \(error)"
    }
  }

  private static func difference(_ own: Verdict, _ checked: Verdict) -> String? {
    if own.linearizable != checked.linearizable {
      return "linearizable: run \(own.linearizable), check \(checked.linearizable)"
    }
    if (own.keysChecked, own.keysViolated, own.operations)
      != (checked.keysChecked, checked.keysViolated, checked.operations)
    {
      return "keys or operations are counted otherwise"
    }
    if own.keysUnknown != checked.keysUnknown { return "other keys are unknown" }
    if own.violations.map(\.key) != checked.violations.map(\.key) {
      return "other keys are violated, or in another order"
    }
    for guarantee in SessionGuarantee.allCases where own[guarantee] != checked[guarantee] {
      return "\(guarantee.title): run \(own[guarantee]), check \(checked[guarantee])"
    }
    if own.causal != checked.causal || own.causalDoubt != checked.causalDoubt {
      return "causal: run \(own.causal), check \(checked.causal)"
    }
    if own.causalViolation != checked.causalViolation {
      return "causality is broken by other operations: run \(own.causalViolation?.pattern ?? "-"), "
        + "check \(checked.causalViolation?.pattern ?? "-")"
    }
    return nil
  }

  // MARK: Chance

  private static func configuration(_ seed: UInt64, _ seconds: Int) -> ClusterConfiguration {
    var stream = RandomStream(seed: seed, purpose: 4711)
    let count = 3 + stream.below(5)
    let east = 1 + stream.below(count - 1)
    let nodes = (0..<count).map {
      ClusterConfiguration.Node(name: "n\($0 + 1)", location: $0 < east ? "east" : "west")
    }
    var settings = Settings()
    settings.storage.n = 1 + stream.below(min(5, count))
    settings.storage.r = 1 + stream.below(settings.storage.n)
    settings.storage.w = 1 + stream.below(settings.storage.n)
    settings.storage.quorum = stream.chance(1, 2) ? .strict : .sloppy
    settings.storage.readRepair = stream.chance(1, 2)
    settings.storage.hints = stream.chance(2, 3)
    settings.cache.enabled = stream.chance(1, 3)
    settings.network.transport = stream.chance(1, 2) ? .tcp : .udp
    settings.workload.keys = 5 + stream.below(40)
    settings.workload.rate = Double(50 + stream.below(400))
    settings.workload.readShare = 0.3 + 0.6 * stream.unit()
    // Every fifth keeps versions side by side: few writes a key, or they become many beside another.
    if seed % 5 == 0 {
      settings.storage.versions = .vector
      settings.storage.merge = .client
      settings.workload.keys = 60
      settings.workload.rate = min(80, settings.workload.rate)
    }
    // Every fourth has clients that try again, so that writes come twice.
    if seed % 4 == 1 {
      settings.client.retries = 3
      settings.client.attemptTimeout = .milliseconds(150)
    }
    var actions: [TimedAction] = []
    for _ in 0..<6 {
      let at = stream.unit() * Double(seconds)
      actions.append(
        TimedAction(
          at: .zero + .milliseconds(Int64(at * 1000)),
          action: action(&stream, nodes)))
    }
    actions.sort { $0.at < $1.at }
    return ClusterConfiguration(
      name: "verdict-trial", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: nodes, settings: settings, actions: actions)
  }

  private static func action(
    _ stream: inout RandomStream, _ nodes: [ClusterConfiguration.Node]
  ) -> Action {
    let node = stream.pick(nodes).name
    switch stream.below(15) {
    case 0, 1: return .kill(host: node)
    case 2: return .restart(host: node)
    case 3: return .freeze(host: node)
    case 4: return .wipe(host: node)
    case 5: return .skew(host: node, offset: .seconds(Double(stream.below(7) - 3)), drift: 0)
    case 6, 7: return .partition(.halves)
    case 8: return .partition(.oneWay)
    case 9: return .partition(.isolate(node: node))
    case 10: return .lossy(host: node, share: 0.3)
    case 11: return .delay(host: node, by: .milliseconds(200))
    case 12: return .burst(factor: 3, length: .seconds(2))
    case 13: return .recover(host: node)
    default: return .heal(fault: nil)
    }
  }
}
