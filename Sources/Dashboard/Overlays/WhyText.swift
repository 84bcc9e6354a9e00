import CellUI
import ClusterSim

/// Why an operation went as it did: its hops, who answered when, and the cause in a sentence.
enum WhyText {
  static func title(_ number: UInt64, _ simulation: Simulation) -> String {
    guard let trace = simulation.traces.trace(number) else { return "Why" }
    return "Why: \(trace.isRead ? "read" : "write") of \(simulation.keyName(trace.key))"
  }

  /// What it was, in a word or two.
  static func kind(_ trace: OperationTrace) -> (String, Style) {
    switch trace.outcome {
    case .pending: ("under way", .dim)
    case .fail: (trace.failure?.name ?? "failed", Style(.bad))
    case .info: ("unknown end", Style(.warning))
    case .ok: trace.isStale ? ("stale", Style(.stale)) : ("slow", Style(.slow))
    }
  }

  static func lines(_ number: UInt64, _ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    guard let trace = simulation.traces.trace(number) else {
      writer.add("The course of this operation is no longer kept (observe.traces).", .dim)
      return
    }
    let tried =
      trace.attempt > 0 && trace.failure != nil ? " (attempt \(trace.attempt + 1), the last)" : ""
    writer.add(cause(trace, simulation) + tried, Style(.title, .bold))
    writer.add("")
    outcome(trace, simulation, &writer)
    writer.heading("Its way")
    hops(trace, simulation, &writer)
    steps(trace, simulation, &writer)
    guard trace.coordinator != nil else { return }
    writer.heading(
      "Replicas asked: \(trace.askedCount), \(trace.isRead ? "R" : "W")=\(trace.needed) answers "
        + "needed")
    replicas(trace, simulation, &writer)
    writer.heading("Afterwards")
    writer.pair("hints kept", trace.hints == 0 ? "none" : "\(trace.hints), for replicas it missed")
    writer.pair(
      "read repair", trace.repairs == 0 ? "none" : "\(trace.repairs) older replicas mended")
  }

  private static func outcome(
    _ trace: OperationTrace, _ simulation: Simulation, _ writer: inout LineWriter
  ) {
    writer.pair(
      "client", "process \(trace.process) in \(simulation.locationNames[Int(trace.location)])")
    writer.pair("began", Figure.clock(Instant(nanoseconds: trace.invoked)))
    let time =
      trace.latency.map { " after \(Figure.milliseconds(nanoseconds: $0.nanoseconds)) ms" } ?? ""
    switch trace.outcome {
    case .pending: writer.pair("end", "none yet")
    case .ok:
      let what = trace.isRead ? "read the value \(trace.value)" : "wrote the value \(trace.value)"
      writer.pair("end", "ok\(time): \(what)", Style(.good))
    case .fail:
      writer.pair(
        "end", "failed\(time): \(trace.failure?.name ?? "-"), it certainly did not happen",
        Style(.bad))
    case .info:
      writer.pair(
        "end", "unknown\(time): \(trace.failure?.name ?? "-"), it may have happened or may yet",
        Style(.warning))
    }
    if trace.isStale {
      writer.pair(
        "stale by",
        "\(Figure.milliseconds(nanoseconds: trace.staleBy)) ms, \(trace.versionsBehind) versions",
        Style(.stale))
    }
  }

  private static func hops(
    _ trace: OperationTrace, _ simulation: Simulation, _ writer: inout LineWriter
  ) {
    func at(_ time: Int64) -> String {
      "+\(Figure.milliseconds(nanoseconds: time - trace.invoked)) ms"
    }
    writer.pair(
      "+0 ms", trace.attempt > 0 ? "the client sends it, for the first time" : "the client sends it"
    )
    guard let server = trace.server else {
      writer.add("no server answers this location's pings, so there was nobody to send it to")
      return
    }
    let name = simulation.host(server).name
    let isBalanced = simulation.host(server).kind == .balancer
    let found = trace.outcome == .ok && trace.isCacheHit
    if isBalanced {
      writer.pair("", "to the balancer \(name)" + (found ? "; a cache server held the object" : ""))
    } else if trace.isThroughCache {
      writer.pair("", "to the cache server \(name)" + (found ? ": it held the object" : ""))
    }
    if let coordinator = trace.coordinator {
      writer.pair(
        at(trace.coordinatedAt), "the coordinator \(simulation.host(coordinator).name) takes it")
      writer.pair(
        trace.repliedAt > 0 ? at(trace.repliedAt) : "-",
        trace.repliedAt > 0 ? "the coordinator answers" : "the coordinator has not answered")
    } else if !trace.isThroughCache, !isBalanced {
      writer.pair("-", "the coordinator \(name) never began it")
    }
    if trace.outcome != .pending {
      writer.pair(at(trace.ended), trace.failure == .noAnswer ? "the client gives up" : "the end")
    }
  }

  /// Attempts that failed and searches for a leader, one a line.
  private static func steps(
    _ trace: OperationTrace, _ simulation: Simulation, _ writer: inout LineWriter
  ) {
    let steps = simulation.traces.steps(of: trace)
    guard !steps.isEmpty || trace.attempt > 0 else { return }
    writer.heading(
      trace.attempt > 0
        ? "Tried again \(trace.attempt == 1 ? "once" : "\(trace.attempt) times"); above is the last "
          + "attempt" : "On the way")
    if steps.isEmpty {
      writer.add("the earlier attempts are no longer kept (observe.traces)", .dim)
    }
    for step in steps {
      let to = step.to.map { simulation.host($0).name } ?? "nobody"
      let by = simulation.host(step.by).name
      let text: (String, Style) =
        switch step.what {
        case .failed(let reason): ("the attempt at \(to) ends: \(reason.name)", Style(.warning))
        case .again: ("the client sends it again, to \(to)", .text)
        case .overBudget: ("no further attempt: client.retry_budget is spent", Style(.bad))
        case .notLeader: ("\(to) tells \(by) that it does not lead the group", Style(.warning))
        case .shardMoves:
          ("\(to) tells \(by) that the shard is on its way or gone", Style(.warning))
        case .asked: ("\(by) asks \(to)", .text)
        case .noLeader: ("\(by) holds every server of the group dead", Style(.bad))
        case .balanced, .noWebServer, .lineFull, .begun, .passedOn, .answered:
          PathText.step(step, by: by, to: to)
        }
      writer.pair(
        "+\(Figure.milliseconds(nanoseconds: step.at - trace.invoked)) ms", text.0, text.1)
    }
  }

  private static func replicas(
    _ trace: OperationTrace, _ simulation: Simulation, _ writer: inout LineWriter
  ) {
    let newest = trace.asked.reduce(into: Int64.min) { newest, asked in
      if case .found(let version) = asked.answer { newest = max(newest, version) }
    }
    for asked in trace.asked {
      var words: [String] = []
      var style = Style.text
      let after = Figure.milliseconds(nanoseconds: asked.answeredAt - trace.invoked)
      switch asked.answer {
      case .none:
        words.append("no answer")
        style = Style(.bad)
      case .acknowledged: words.append("acknowledged at +\(after) ms")
      case .refused:
        words.append("refused at +\(after) ms: its line was full")
        style = Style(.warning)
      case .found(let version):
        let what =
          version < 0 ? "no copy" : version == newest ? "the newest seen" : "an older version"
        words.append("\(what) at +\(after) ms")
        if version < newest { style = Style(.stale) }
      }
      if asked.answer != .none, trace.repliedAt > 0, asked.answeredAt > trace.repliedAt {
        words.append("too late to count")
      }
      if !asked.counts { words.append("a new home, does not count") }
      if asked.meantFor != asked.node {
        words.append("stands in for \(simulation.host(asked.meantFor).name), keeps a hint")
      }
      if asked.repaired { words.append("mended by read repair") }
      writer.pair(simulation.host(asked.node).name, words.joined(separator: "; "), style)
    }
    if Int(trace.askedCount) > trace.asked.count {
      writer.add("and \(Int(trace.askedCount) - trace.asked.count) more", .dim)
    }
  }

  /// The named cause, in one sentence.
  static func cause(_ trace: OperationTrace, _ simulation: Simulation) -> String {
    if !trace.isStale, let onPath = PathText.cause(trace, simulation) { return onPath }
    let quorum = trace.isRead ? "R=\(trace.needed)" : "W=\(trace.needed)"
    let answered = trace.asked.count { $0.counts && $0.answer != .none && $0.answer != .refused }
    let coordinator = trace.coordinator.map { simulation.host($0).name } ?? "no coordinator"
    switch (trace.outcome, trace.failure) {
    case (.pending, _): return "it is still under way"
    case (_, .noCoordinator?): return "no server answered the location's pings"
    case (_, .noWebServer?): return "the balancer held no web server healthy and said so at once"
    case (_, .notEnoughReplicas?) where simulation.settings.storage.engine == .primaryReplica:
      return trace.asked.first.map {
        "\(simulation.host($0.node).name) is no primary of the key's group that may serve now"
      } ?? "\(coordinator) held the primary of the key's group dead and refused at once"
    case (_, .notEnoughReplicas?):
      return "\(coordinator) held too few replicas alive for \(quorum) and refused at once"
    case (_, .timeout?) where simulation.settings.storage.engine == .raft:
      return "no leader of the key's group answered \(coordinator) in time"
    case (_, .timeout?):
      return "only \(answered) answers for \(quorum) reached \(coordinator) in time"
    case (_, .overloaded?): return "a full line turned it away"
    case (_, .noAnswer?):
      if trace.coordinator == nil { return "the server it was sent to never answered" }
      return trace.repliedAt > 0
        ? "\(coordinator)'s answer did not reach the client in time"
        : "\(coordinator) had \(answered) answers for \(quorum) when the client gave up"
    case (_, nil): break
    }
    if trace.isStale {
      if trace.isCacheHit { return "the cache still held the value that had been replaced" }
      let late = trace.asked.count {
        if case .found(let version) = $0.answer { return version > trace.version }
        return false
      }
      if late > 0 {
        return "the \(quorum) answers that came first were old; \(late) newer came too late"
      }
      return "no replica that answered for \(quorum) had the newest write"
    }
    if let slowest = trace.asked.filter({ $0.answer != .none }).map(\.answeredAt).max(),
      trace.repliedAt > 0
    {
      let waited = trace.repliedAt - trace.coordinatedAt
      if waited * 2 > trace.ended - trace.invoked, slowest > 0 {
        return "\(coordinator) waited \(Figure.milliseconds(nanoseconds: waited)) ms for \(quorum)"
      }
      return "most of the time went by between client and coordinator"
    }
    return trace.isCacheHit ? "the cache answered" : "it went as it should"
  }
}
