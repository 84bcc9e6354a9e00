import Testing

@testable import ClusterSim

/// The shapes of a cut, what links do to messages, and streams against datagrams.
@Suite struct NetworkTests {
  private let quiet = [("cache.enabled", "false"), ("workload.rate", "0")]

  /// Who sees whom among n1…nN, as a row of names for each.
  private func seen(_ sim: Simulation) -> [String] {
    sim.storageNodes.map { a in
      sim.storageNodes.filter { $0 == a || sim.reachable(a, $0) }.map { sim.host($0).name }
        .joined(separator: " ")
    }
  }

  @Test func shapes_cutWhomTheySay() throws {
    let sim = try Clusters.two(east: 3, west: 2, quiet)
    func after(_ shape: PartitionShape) throws -> [String] {
      var cut = sim
      try cut.inject(.partition(shape))
      let rows = seen(cut)
      try cut.inject(.heal(fault: nil))
      #expect(seen(cut) == seen(sim))
      return rows
    }
    #expect(
      try after(.majorityMinority) == ["n1 n2 n3", "n1 n2 n3", "n1 n2 n3", "n4 n5", "n4 n5"])
    #expect(
      try after(.isolate(node: "n2")) == [
        "n1 n3 n4 n5", "n2", "n1 n3 n4 n5", "n1 n3 n4 n5", "n1 n3 n4 n5",
      ])
    #expect(
      try after(.bridge(node: "n3")) == [
        "n1 n2 n3", "n1 n2 n3", "n1 n2 n3 n4 n5", "n3 n4 n5", "n3 n4 n5",
      ])
    let ring = try after(.majoritiesRing)
    #expect(ring == ["n1 n2 n5", "n1 n2 n3", "n2 n3 n4", "n3 n4 n5", "n1 n4 n5"])
    #expect(Set(ring).count == 5)
    #expect(
      try after(.dataCentre(location: "west")) == [
        "n1 n2 n3", "n1 n2 n3", "n1 n2 n3", "n4 n5", "n4 n5",
      ])
  }

  /// Every node sees a majority and no two see the same, for every size.
  @Test func majoritiesRing_givesEveryNodeAMajority() throws {
    for size in 4...12 {
      var sim = try Clusters.two(east: size / 2, west: size - size / 2, quiet)
      try sim.inject(.partition(.majoritiesRing))
      let rows = seen(sim)
      #expect(Set(rows).count == size, "\(size)")
      for row in rows { #expect(row.split(separator: " ").count > size / 2, "\(size)") }
    }
  }

  @Test func shapes_listEveryCase() {
    let all: [PartitionShape] = [
      .halves, .majorityMinority, .isolate(node: "n"), .bridge(node: "n"), .majoritiesRing,
      .oneWay, .dataCentre(location: "n"),
    ]
    #expect(
      all.map { String($0.text.split(separator: " ")[0]) }
        == PartitionShape.forms.map(\.word).sorted { a, b in
          all.firstIndex { $0.text.hasPrefix(a) }! < all.firstIndex { $0.text.hasPrefix(b) }!
        })
    for shape in all {
      let words = shape.text.split(separator: " ").map(String.init)
      #expect(PartitionShape(word: words[0], operand: words.count > 1 ? words[1] : "") == shape)
    }
  }

  /// With loss a stream is late but complete; datagrams are lost, and so operations fail.
  @Test func loss_isDelayOnStreams_andFailureOnDatagrams() throws {
    func run(_ transport: String, _ loss: String) throws -> Simulation {
      var sim = try Clusters.two(
        east: 3, west: 2,
        [
          ("cache.enabled", "false"), ("network.transport", transport), ("network.loss", loss),
          ("storage.r", "3"), ("client.timeout", "20s"), ("storage.timeout", "15s"),
        ])
      sim.run(seconds: 20)
      return sim
    }
    let calm = try run("tcp", "0")
    let stream = try run("tcp", "2%")
    let datagram = try run("udp", "2%")
    #expect(calm.retransmissions == 0 && calm.metrics.total.fail == 0)
    #expect(stream.metrics.total.fail + stream.metrics.total.info == 0)
    #expect(stream.retransmissions > 100)
    let slow = try #require(stream.metrics.total.readLatency.quantile(0.99))
    let fast = try #require(calm.metrics.total.readLatency.quantile(0.99))
    #expect(slow > fast + 150_000_000)
    #expect(datagram.retransmissions == 0)
    #expect(datagram.metrics.total.fail + datagram.metrics.total.info > 50)
    for sim in [calm, stream, datagram] { #expect(sim.messagesAddUp) }
  }

  /// Sends per message on a stream with loss p: 1 / (1 - p).
  @Test func stream_sendsOneOverOneMinusLoss() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.enabled", "false"), ("network.loss", "20%"), ("client.ping_interval", "600s"),
        ("client.down_after", "600s"), ("membership.gossip_interval", "600s"),
        ("membership.suspect_after", "600s"), ("network.stream_timeout", "600s"),
        ("client.timeout", "60s"), ("storage.timeout", "60s"), ("workload.rate", "200"),
      ])
    sim.run(seconds: 60)
    // Messages a node sends itself cannot be lost: coordinators that are replicas themselves.
    let counts = sim.messageCounts
    let perMessage = Double(sim.retransmissions) / Double(counts.sent)
    #expect(perMessage > 0.25 * 0.7 && perMessage < 0.25)
    // Only a few first pings and rounds of gossip, which are datagrams, can be lost.
    #expect(counts.lost <= 12 + 5 && sim.metrics.total.ok == sim.metrics.total.operations)
  }

  /// Nothing on a stream overtakes: with wild jitter later requests never arrive before earlier ones.
  @Test func stream_keepsItsOrder() {
    var order = StreamOrder()
    order.grow(to: 3)
    #expect(order.arrival(NodeID(0), NodeID(1), at: 50, now: 0) == 50)
    #expect(order.arrival(NodeID(0), NodeID(1), at: 20, now: 0) == 50)
    #expect(order.arrival(NodeID(1), NodeID(0), at: 20, now: 0) == 20)
    order.grow(to: 700)
    #expect(order.arrival(NodeID(0), NodeID(1), at: 30, now: 0) == 50)
    #expect(order.arrival(NodeID(0), NodeID(699), at: 30, now: 0) == 30)
  }

  @Test func cutStream_getsThroughAfterAShortCut_andBreaksAfterALongOne() throws {
    for (length, delivered) in [(1.0, 1), (30.0, 0)] {
      var sim = try Clusters.two(
        east: 1, west: 1,
        quiet + [
          ("client.timeout", "60s"), ("storage.timeout", "50s"), ("storage.n", "1"),
          ("storage.w", "1"), ("storage.r", "1"),
        ])
      sim.run(seconds: 1)
      let key = (1...50).map { "user:\($0)" }.first { sim.homes(ofKey: $0) == [sim.id("n1")] }!
      try sim.inject(.write(key: key, via: "n1"))
      try sim.inject(.partition(.isolate(node: "n1")))
      sim.run(seconds: length)
      try sim.inject(.heal(fault: nil))
      sim.run(seconds: 40)
      #expect(sim.metrics.total.ok == delivered, "\(length)")
      #expect(sim.messagesAddUp)
    }
  }

  @Test func delayedAndDuplicatedLinks_doWhatTheySay() throws {
    var sim = try Clusters.two(
      east: 1, west: 1,
      quiet + [
        ("storage.n", "1"), ("storage.r", "1"), ("storage.w", "1"),
        ("network.local_jitter", "constant 0ms"), ("host.read_service", "constant 0ms"),
      ])
    let key = (1...50).map { "user:\($0)" }.first { sim.homes(ofKey: $0) == [sim.id("n1")] }!
    try sim.inject(.delay(host: "n1", by: .milliseconds(100)))
    try sim.inject(.read(key: key, via: "n1"))
    sim.run(seconds: 1)
    // There and back: twice 0.3 ms and 100 ms, and two hand-overs of 5 us.
    #expect(sim.metrics.total.readLatency.max == 200_610_000)
    try sim.inject(.heal(fault: nil))
    let sent = sim.messageCounts.sent
    try sim.inject(.duplicate(host: "n1", share: 1))
    sim.run(seconds: 20)
    #expect(sim.duplicates > 50 && sim.duplicates < sim.messageCounts.sent - sent)
    #expect(sim.messagesAddUp)
  }

  /// Last write wins by the coordinator's clock: one that runs behind loses acknowledged writes, by
  /// count, though R + W > N.
  @Test func skewedClock_losesAcknowledgedWrites() throws {
    var sim = try Clusters.two(east: 3, west: 2, quiet)
    sim.run(seconds: 5)
    try sim.inject(.skew(host: "n2", offset: .zero - .seconds(2), drift: 0))
    try sim.inject(.write(key: "user:1", via: "n1"))
    sim.run(seconds: 1)
    #expect(sim.lostAcknowledgedWrites() == 0)
    // Later in truth, earlier by its clock: acknowledged, and gone.
    try sim.inject(.write(key: "user:1", via: "n2"))
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 2 && sim.writesLostToClocks == 1)
    #expect(sim.lostAcknowledgedWrites() == 1)
    try sim.inject(.recover(host: "n2"))
    try sim.inject(.write(key: "user:1", via: "n2"))
    sim.run(seconds: 1)
    #expect(sim.writesLostToClocks == 1)
    // Drift: 10 % fast for 10 s is a second ahead.
    try sim.inject(.skew(host: "n3", offset: .zero, drift: 0.1))
    sim.run(seconds: 10)
    #expect(sim.host(sim.id("n3")).clockAhead == .seconds(1))
  }

  /// A wiped disk is empty after the restart; with W = 1 the only copy of a write is lost.
  @Test func wipe_losesTheDisk() throws {
    var sim = try Clusters.two(
      east: 2, west: 1, quiet + [("storage.n", "1"), ("storage.r", "1"), ("storage.w", "1")])
    let home = sim.host(sim.homes(ofKey: "user:1")[0]).name
    sim.run(seconds: 1)
    try sim.inject(.write(key: "user:1", via: home))
    sim.run(seconds: 1)
    #expect(sim.lostAcknowledgedWrites() == 0)
    try sim.inject(.wipe(host: home))
    #expect(sim.lostAcknowledgedWrites() == 1)
    #expect(sim.host(sim.id(home)).keys == 0 && sim.host(sim.id(home)).state == .killed)
    try sim.inject(.restart(host: home))
    #expect(sim.host(sim.id(home)).state == .up)
  }

  @Test func outage_isOneFault_andItsHostsComeBackOneByOneOrTogether() throws {
    var sim = try Clusters.two(east: 3, west: 2)
    sim.run(seconds: 3)
    try sim.inject(.outage(location: "west"))
    #expect(sim.activeFaultClocks.count == 1)
    for name in ["n4", "n5", "c-west"] { #expect(sim.host(sim.id(name)).state == .killed) }
    sim.run(seconds: 10)
    // Users in the west go on with the nodes in the east.
    let before = sim.metrics.locations[1].ok
    sim.run(seconds: 5)
    #expect(sim.metrics.locations[1].ok - before > 500)
    var together = sim
    try together.inject(.heal(fault: 1))
    try sim.inject(.restart(host: "n4"))
    #expect(sim.activeFaultClocks.count == 1)
    try sim.inject(.restart(host: "n5"))
    try sim.inject(.recover(host: "c-west"))
    for sim in [sim, together] {
      #expect(sim.activeFaultClocks.isEmpty)
      #expect(sim.storageNodes.allSatisfy { sim.host($0).state == .up })
    }
  }
}
