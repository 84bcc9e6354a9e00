import ClusterSim

extension RunReport {
  static func cache(_ simulation: Simulation) -> JSONValue {
    let caches = simulation.cacheServers.indices.map { simulation.cache($0) }
    func sum(_ part: (CacheView) -> Int) -> Int { caches.reduce(0) { $0 + part($1) } }
    let (hits, misses) = (sum(\.hits), sum(\.misses))
    return .object([
      ("hits", .integer(hits)),
      ("misses", .integer(misses)),
      ("hit_ratio", hits + misses == 0 ? .null : .number(Double(hits) / Double(hits + misses))),
      ("evictions", .integer(sum(\.evictions))),
      ("expired", .integer(sum(\.expired))),
      ("coalesced", .integer(sum(\.coalesced))),
      ("invalidated", .integer(sum(\.invalidated))),
      ("objects", .integer(sum(\.objects))),
      ("stale_fills", .integer(sum(\.staleFills))),
      ("dirty", .integer(sum(\.dirty))),
      ("flushes", .integer(sum(\.flushes))),
      ("writes_lost", .integer(simulation.writesLostWithCaches)),
      ("overflowed", .integer(simulation.cacheOverflows)),
      ("servers", .array(simulation.cacheServers.indices.map { cacheServer(simulation, $0) })),
    ])
  }

  /// One cache server, with what its last requests could have been.
  private static func cacheServer(_ simulation: Simulation, _ index: Int) -> JSONValue {
    let cache = simulation.cache(index)
    let outlook = simulation.cacheOutlook(index)
    return .object([
      ("name", .string(simulation.host(cache.host).name)),
      ("location", .string(simulation.locationNames[cache.location])),
      ("state", .string(state(simulation.host(cache.host)))),
      ("hits", .integer(cache.hits)),
      ("misses", .integer(cache.misses)),
      ("hit_ratio", .number(cache.hitRatio)),
      ("evictions", .integer(cache.evictions)),
      ("expired", .integer(cache.expired)),
      ("coalesced", .integer(cache.coalesced)),
      ("invalidated", .integer(cache.invalidated)),
      ("objects", .integer(cache.objects)),
      ("stale_fills", .integer(cache.staleFills)),
      ("dirty", .integer(cache.dirty)),
      ("flushes", .integer(cache.flushes)),
      ("open_requests", .integer(simulation.openRequests(atCache: index))),
      ("window_requests", .integer(outlook.requests)),
      ("window_hit_ratio", .number(outlook.ratio)),
      ("window_optimum", .number(outlook.optimum)),
      ("predicted_lru", .number(outlook.lru)),
      ("predicted_fifo", .number(outlook.fifo)),
    ])
  }

  static func node(_ host: HostView) -> JSONValue {
    .object([
      ("name", .string(host.name)),
      ("state", .string(state(host))),
      ("keys", .integer(host.keys)),
      ("hints", .integer(host.hintsHeld)),
      ("ring_share", .number(host.ringShare)),
      ("messages_in", .integer(host.messagesIn)),
      ("messages_out", .integer(host.messagesOut)),
      ("hints_awaited", .integer(host.hintsAwaited)),
      ("weight", .integer(host.weight)),
      ("slow_factor", .integer(host.slowFactor)),
      ("gray", .bool(host.gray)),
      ("reads", .integer(host.reads)),
      ("writes", .integer(host.writes)),
    ])
  }

  static func state(_ host: HostView) -> String {
    switch host.state {
    case .up: "up"
    case .killed: "killed"
    case .frozen: "frozen"
    case .left: "left"
    }
  }

  /// Times after the fault's beginning, `recovered_s` after its end.
  static func fault(_ clock: FaultClock) -> JSONValue {
    let words = clock.action.text.split(separator: " ").map(String.init)
    let kind = words.first ?? ""
    let target: String? =
      switch FaultCatalogue.find(kind)?.target {
      case .cut: words.dropFirst().joined(separator: " ")
      case .node, .host, .location: words.dropFirst().first
      case .nothing, nil: nil
      }
    func seconds(_ moment: Instant?, since start: Instant?) -> JSONValue {
      guard let moment, let start else { return .null }
      return .number((moment - start).seconds)
    }
    return .object([
      ("at", .number(clock.at.seconds)),
      ("kind", .string(kind)),
      ("target", target.map { .string($0) } ?? .null),
      ("first_suspicion_s", seconds(clock.firstSuspicion, since: clock.at)),
      ("agreement_s", seconds(clock.agreement, since: clock.at)),
      ("recovered_s", seconds(clock.recovered, since: clock.endedAt)),
      ("false_suspicions", .integer(clock.falseSuspicions)),
      ("traffic_moved_s", seconds(clock.trafficMoved, since: clock.at)),
      ("ended_at", .number(clock.endedAt?.seconds)),
      ("action", .string(clock.action.text)),
    ])
  }

  /// What the membership protocol cost over the whole run.
  static func membership(_ simulation: Simulation) -> JSONValue {
    let figures = simulation.membership
    return .object([
      ("detector", .string(figures.detector.rawValue)),
      ("messages", .integer(figures.messages)),
      ("bytes", .integer(figures.bytes)),
      ("messages_per_member_second", .number(figures.messagesPerMemberSecond)),
      ("bytes_per_member_second", .number(figures.bytesPerMemberSecond)),
      ("false_suspicions", .integer(figures.falseSuspicions)),
      ("longest_silence_s", .number(figures.longestSilence?.seconds)),
    ])
  }

  static func messages(_ count: MessageCount) -> JSONValue {
    .object([
      ("sent", .integer(count.sent)),
      ("delivered", .integer(count.delivered)),
      ("lost", .integer(count.lost)),
      ("in_flight", .integer(count.inFlight)),
    ])
  }

  static func action(_ action: TimedAction) -> JSONValue {
    .object([("at", .number(action.at.seconds)), ("action", .string(action.action.text))])
  }

  static func objective(_ outcome: ScenarioRun.ObjectiveOutcome) -> JSONValue {
    let condition = ("condition", JSONValue.string(outcome.condition.text))
    if let isMet = outcome.isMet { return .object([condition, ("met", .bool(isMet))]) }
    return .object([
      condition, ("met", .null), ("not_judged", outcome.notJudged.map { .string($0) } ?? .null),
    ])
  }
}
