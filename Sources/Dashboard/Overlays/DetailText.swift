import CellUI
import ClusterSim
import Scenarios

/// The lines of the details boxes.
enum DetailText {
  /// The columns of text that a details box has on a screen.
  static func width(_ size: Size) -> Int { max(10, min(size.width - 6, 92)) }

  static func title(_ detail: Detail, _ scene: Scene) -> String {
    switch detail {
    case .node(let id): "Node \(scene.simulation.host(id).name)"
    case .key(let key): "Key \(key)"
    case .replicaGroup(let index): "Replica group \(index + 1)"
    case .raftGroup(let index): "Raft group \(index + 1)"
    case .topology: "Locations and links"
    case .shards: "Shards and queries"
    case .faults: "Faults and their clocks"
    case .cache(let index): "Cache server \(name(scene.simulation.cacheServers, index, scene))"
    case .path(let row): PathText.title(row, scene)
    case .clients(let index): "Clients in \(scene.simulation.locationNames[index])"
    case .event: "Event"
    case .violation(let place): ViolationText.title(place, scene.simulation)
    case .prediction(let name): PredictionText.title(name, scene)
    case .why(let number): WhyText.title(number, scene.simulation)
    }
  }

  private static func name(_ hosts: [NodeID], _ index: Int, _ scene: Scene) -> String {
    hosts.indices.contains(index) ? scene.simulation.host(hosts[index]).name : "-"
  }

  static func lines(_ detail: Detail, _ scene: Scene, width: Int) -> [LineWriter.Line] {
    var writer = LineWriter(width: width)
    switch detail {
    case .node(let id): node(scene.simulation.host(id), scene, &writer)
    case .key(let key): self.key(key, scene, &writer)
    case .replicaGroup(let index): ReplicaText.lines(index, scene, &writer)
    case .raftGroup(let index): RaftText.lines(index, scene, &writer)
    case .topology: TopologyText.lines(scene, &writer)
    case .shards: ShardText.lines(scene, &writer)
    case .faults: faults(scene, &writer)
    case .cache(let index): cache(index, scene, &writer)
    case .path(let row): PathText.lines(row, scene, &writer)
    case .clients(let index): clients(index, scene, &writer)
    case .event(let number): event(number, scene, &writer)
    case .violation(let place): ViolationText.lines(place, scene, &writer)
    case .prediction(let name): PredictionText.lines(name, scene, &writer)
    case .why(let number): WhyText.lines(number, scene, &writer)
    }
    return writer.lines
  }

  private static func node(_ host: HostView, _ scene: Scene, _ writer: inout LineWriter) {
    let truth = Words.truth(host, .ascii)
    writer.pair("truly", truth.word + ", " + "\(host.ringRole)", truth.style)
    writer.pair("location", scene.simulation.locationNames[host.location])
    writer.pair(
      "owns", "\(Figure.percent(host.ringShare))% of the key space, weight \(host.weight)")
    writer.pair("keys on disk", "\(host.keys)")
    writer.pair("hints", "\(host.hintsHeld) kept for others, \(host.hintsAwaited) kept for it")
    writer.pair("served", "\(host.reads) reads and \(host.writes) writes as a replica")
    writer.pair("requests", "\(host.queue) waiting, \(host.busy) being worked on")
    writer.pair(
      "coordinated",
      "\(Figure.rate(host.operationsPerSecond)) op/s, p99 \(Figure.milliseconds(host.p99)) ms")
    writer.pair("messages", "\(host.messagesIn) in, \(host.messagesOut) out")
    writer.heading("What the others hold it for")
    for observer in scene.nodes where observer.id != host.id {
      let view = scene.simulation.belief(of: observer.id, about: host.id)
      writer.pair(
        observer.name, describe(view, observer, scene), Words.belief(view?.belief, .ascii).style)
    }
    writer.heading("What it holds the others for")
    for subject in scene.nodes where subject.id != host.id {
      let view = scene.simulation.belief(of: host.id, about: subject.id)
      writer.pair(
        subject.name, describe(view, host, scene), Words.belief(view?.belief, .ascii).style)
    }
  }

  private static func describe(
    _ view: BeliefView?, _ observer: HostView, _ scene: Scene
  ) -> String {
    guard observer.state != .killed else { return "- (killed: its table is gone)" }
    guard let view else { return "- (not in its table)" }
    let word = NumberText.right(view.belief.name, 9)
    return switch scene.settings.membership.detector {
    case .heartbeat, .phi:
      word + "heartbeat \(view.counter), \(Figure.age(view.age)) old, "
        + "incarnation \(view.incarnation)"
    case .swim: word + "for \(Figure.age(view.age)), incarnation \(view.incarnation)"
    }
  }

  private static func key(_ key: String, _ scene: Scene, _ writer: inout LineWriter) {
    let storage = scene.settings.storage
    writer.pair(
      "its place",
      "\(Figure.percent(RingPicture.turns(scene.simulation.token(ofKey: key)), decimals: 2))% round the circle"
    )
    switch storage.engine {
    case .leaderless:
      writer.pair("quorum", "\(Words.copies(storage)) \(storage.quorum.rawValue)")
    case .primaryReplica, .multiPrimary, .raft: writer.pair("engine", Words.copies(storage))
    }
    let overlap = Words.overlap(storage)
    writer.pair("", overlap.text, Style(overlap.holds ? .good : .warning))
    writer.heading("Its home replicas, in order")
    // A version of Raft is a place in the log, not a time.
    let moment: (Instant) -> String = {
      Words.version($0, storage)
    }
    let versions = scene.homes.map { scene.simulation.versionTime(ofKey: key, on: $0) }
    let newest = versions.compactMap { $0 }.max()
    for (home, version) in zip(scene.homes, versions) {
      let host = scene.simulation.host(home)
      let truth = Words.truth(host, .ascii)
      let age =
        version.map {
          $0 == newest
            ? "holds the newest version, of \(moment($0))"
            : "holds an older version, of \(moment($0))"
        } ?? "holds no copy"
      writer.pair(
        host.name, NumberText.right(truth.word, 9) + age,
        version == newest ? truth.style : Style(.stale))
    }
    if storage.versions == .vector { siblings(key, scene, &writer) }
    writer.heading("Which of them answer now")
    for (index, name) in scene.simulation.locationNames.enumerated() {
      let answering = scene.homes.compactMap { scene.index(of: $0) }
        .filter { scene.answers(scene.nodes[$0], to: index) }.map { scene.nodes[$0].name }
      writer.pair(
        "in \(name)",
        answering.isEmpty
          ? "none" : answering.joined(separator: " ") + " (\(answering.count) of \(storage.n))")
    }
  }

  private static func faults(_ scene: Scene, _ writer: inout LineWriter) {
    let faults = scene.simulation.faults
    if faults.isEmpty {
      writer.add("Nothing has been broken yet. K kills the selected node, x shows all faults.")
    }
    for clock in faults.reversed() {
      let active = clock.isActive
      writer.add(
        "\(clock.number)  \(Figure.clock(clock.at))  \(clock.action.text)"
          + (active ? "  (active)" : "  (over)"), Style(active ? .warning : .text, .bold))
      writer.pair("   first suspicion", Figure.after(clock.at, clock.firstSuspicion))
      writer.pair("   agreement", Figure.after(clock.at, clock.agreement))
      writer.pair("   traffic moved", Figure.after(clock.at, clock.trafficMoved))
      writer.pair("   ended after", Figure.after(clock.at, clock.endedAt))
      writer.pair(
        "   recovered",
        clock.endedAt.map { Figure.after($0, clock.recovered) + " after its end" } ?? "-")
      writer.pair("   false suspicions", "\(clock.falseSuspicions)")
    }
    repair(scene, &writer)
    writer.heading("Messages")
    let counts = scene.simulation.messageCounts
    writer.pair("sent", "\(counts.sent)")
    writer.pair("delivered", "\(counts.delivered)")
    writer.pair("lost", "\(counts.lost)")
    writer.pair("in flight", "\(counts.inFlight)")
    writer.heading("Membership, per member and second of the whole run")
    let membership = scene.simulation.membership
    writer.pair("detector", membership.detector.rawValue)
    writer.pair("messages sent", Figure.rate(membership.messagesPerMemberSecond ?? 0))
    writer.pair("bytes sent", Figure.rate(membership.bytesPerMemberSecond ?? 0))
    writer.pair(
      "false suspicions", "\(membership.falseSuspicions) in all",
      Style(membership.falseSuspicions > 0 ? .warning : .text))
    if let silence = membership.longestSilence {
      let limit = scene.settings.membership.suspectAfter
      let isNear = silence.seconds > 0.9 * limit.seconds
      let needed = scene.simulation.neededSuspectAfter
      writer.pair(
        "longest silence",
        "\(Figure.age(silence)) of a running node's counter; suspect_after is \(limit)"
          + (isNear ? ": raise it\(needed > limit ? " to \(needed)" : ""), or take swim" : ""),
        Style(isNear ? .warning : .text))
    }
  }

  /// The versions side by side on the first home's disk, with their clocks, and the counts.
  private static func siblings(_ key: String, _ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    writer.heading("Its versions on the first home")
    for sibling in scene.homes.first.map({ simulation.siblings(ofKey: key, on: $0) }) ?? [] {
      let clock = sibling.clock.entries.map {
        "(\(simulation.host($0.node).name),\($0.counter))"
      }
      writer.pair("write \(sibling.value)", clock.joined(separator: " "))
    }
    let figures = simulation.siblingFigures
    writer.pair(
      "siblings",
      "\(simulation.keysWithSiblings()) keys now, most \(figures.mostSiblings), "
        + "\(figures.readsWithSiblings) reads saw some")
    writer.pair(
      "merges", "\(figures.merges) writes replaced several, \(figures.truncations) truncations")
  }

  private static func repair(_ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    writer.heading("Repair")
    writer.pair(
      "hints",
      "\(simulation.hintsStored) kept, \(simulation.hintsDelivered) delivered, "
        + "\(simulation.hintsDropped) dropped, \(simulation.hintsLost) lost with their holder")
    writer.pair("read repairs", "\(simulation.readRepairs)")
    writer.pair("reads written back", "\(simulation.readsWrittenBack)")
    let trees = simulation.antiEntropyFigures
    writer.pair(
      "anti-entropy",
      "\(trees.exchanges) comparisons, \(trees.keysSent) keys and \(trees.bytes) bytes sent")
    writer.heading("Acknowledged writes that are lost")
    let lost = simulation.lostWrites
    let causes = LostWrite.Cause.allCases.filter { lost.count($0) > 0 }
      .map { "\($0.name) \(lost.count($0))" }
    writer.pair("lost for good", causes.isEmpty ? "none" : causes.joined(separator: ", "))
    writer.pair("copies not synced", "\(simulation.unsyncedWritesLost) lost at kills")
    for write in lost.newest.suffix(8).reversed() {
      let name = simulation.host(write.coordinator).name
      let winner = write.winner.map {
        " to write \($0) of \(simulation.host(write.winnerCoordinator!).name)"
      }
      writer.add(
        "write \(write.value) of \(write.key) by \(name), acknowledged "
          + "\(Figure.clock(write.acknowledged)), lost \(Figure.clock(write.at))"
          + (winner ?? "") + " (\(write.cause.name))", Style(.warning))
    }
  }

  private static func clients(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let metrics = scene.simulation.metrics
    group("Since the start", metrics.figures(of: index), &writer)
    for phase in metrics.phases.reversed() {
      let end = phase.to.map { Figure.clock($0) } ?? "now"
      group(
        "\(phase.label)  \(Figure.clock(phase.from)) to \(end)", phase.locations[index], &writer)
      CostText.lines(phase.costs[index], &writer)
    }
  }

  private static func group(
    _ title: String, _ figures: ClientFigures, _ writer: inout LineWriter
  ) {
    writer.heading(title)
    writer.pair(
      "operations",
      "\(figures.begun) begun: \(figures.ok) ok, \(figures.fail) failed, \(figures.info) unknown")
    writer.pair("answered", Figure.percent(figures.availability, decimals: 2) + "%")
    func latency(_ histogram: LatencyHistogram) -> String {
      "p50 \(Figure.milliseconds(nanoseconds: histogram.quantile(0.5)))"
        + "  p99 \(Figure.milliseconds(nanoseconds: histogram.quantile(0.99))) ms"
    }
    writer.pair("reads", latency(figures.readLatency))
    writer.pair("writes", latency(figures.writeLatency))
    writer.pair(
      "stale reads",
      "\(figures.stale) (\(Figure.percent(figures.staleShare, decimals: 3))%): "
        + "\(figures.staleFromCache) from cache, \(figures.staleFromQuorum) from quorum")
    writer.pair(
      "by how much",
      figures.stale == 0
        ? "-"
        : "p50 \(Figure.milliseconds(nanoseconds: figures.staleness.quantile(0.5))) ms, most "
          + "\(Figure.milliseconds(nanoseconds: figures.staleness.max)) ms, "
          + "\(figures.versionsBehind) versions")
    writer.pair("writes discarded", "\(figures.conflicts) acknowledged, lost to a concurrent one")
    writer.pair("failures", ClientsPanel.failures(figures) ?? "none")
    if let retries = ClientsPanel.retries(figures) { writer.pair("retries", retries) }
  }

  private static func event(_ number: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let log = scene.simulation.log
    let age = log.total - 1 - number
    guard age >= 0, age < log.count else {
      writer.add("The log no longer holds this event.")
      return
    }
    let entry = log.newest(age)
    writer.pair("time", "\(entry.at)")
    writer.pair("kind", Words.name(entry.kind))
    writer.add("")
    writer.add(entry.text, Style(.title))
    guard let operation = entry.operation else { return }
    writer.add("")
    WhyText.lines(operation, scene, &writer)
  }
}
