import Testing

@testable import ClusterSim

/// SWIM on the protocol alone, without a network (facts.md section 2, "SWIM").
@Suite struct SwimTests {
  /// Members 0..<n as the protocol has them, each with a stream of its own.
  private struct Group {
    var members: [Member]
    var settings = Settings.Membership()

    init(_ count: Int, seed: UInt64, _ change: (inout Settings.Membership) -> Void = { _ in }) {
      let ids = (0..<count).map { NodeID(UInt16($0)) }
      let table = MembershipTable(me: ids[0], members: ids, incarnation: 1, now: 0)
      members = ids.map {
        Member(
          table: table.owned(by: $0, place: $0.index),
          stream: RandomStream(seed: seed, purpose: 32, index: UInt64($0.index)))
      }
      settings.detector = .swim
      change(&settings)
    }

    mutating func turn(
      _ node: Int, at now: Int64 = 0, _ call: (inout Member, inout SwimTurn) -> Void
    ) -> SwimTurn {
      var turn = SwimTurn(now: now, settings: settings)
      call(&members[node], &turn)
      return turn
    }

    /// Delivers packets at once, each lost with probability `loss`, until none is under way.
    mutating func deliver(
      _ effects: [SwimEffect], from node: Int, at now: Int64 = 0, loss: Double = 0,
      _ stream: inout RandomStream
    ) {
      var waiting = effects.map { (node, $0) }
      while let (from, effect) = waiting.popLast() {
        guard case .send(let packet) = effect, loss == 0 || stream.unit() >= loss else { continue }
        let answer = turn(packet.to.index, at: now) {
          $0.receive(packet, from: NodeID(UInt16(from)), &$1)
        }
        waiting += answer.effects.map { (packet.to.index, $0) }
      }
    }
  }

  /// In continuous time with unsynchronised members the first ping to reach a crashed node comes
  /// after .89, .95, .99 T' (n = 5, 10, 50) at random targets, (n-1)/n T' in round robin: computed
  /// from the gaps between pings to each node, as a crash comes at any moment of them.
  @Test func firstPingAtACrashedNode_comesAsTheModelSays() {
    let expected: [(n: Int, random: Double)] = [(5, 0.89), (10, 0.95), (50, 0.99)]
    for (n, random) in expected {
      for order in Settings.ProbeOrder.allCases {
        let mean = meanWait(n, order, periods: 20_000 / n)
        let model = order == .random ? random : Double(n - 1) / Double(n)
        #expect(abs(mean / model - 1) < 0.05, "n=\(n) \(order): \(mean) against \(model)")
      }
    }
  }

  private func meanWait(_ n: Int, _ order: Settings.ProbeOrder, periods: Int) -> Double {
    var group = Group(n, seed: 7) { $0.swimOrder = order }
    var stream = RandomStream(seed: 7, purpose: 99)
    let phases = (0..<n).map { _ in stream.unit() }
    let byPhase = (0..<n).sorted { phases[$0] < phases[$1] }
    var last = [Double?](repeating: nil, count: n)
    var sum = 0.0
    var squares = 0.0
    for period in 0..<periods {
      for node in byPhase {
        let at = Double(period) + phases[node]
        let turn = group.turn(node) { $0.fire(.period, &$1) }
        for case .send(let packet) in turn.effects {
          if let before = last[packet.to.index] {
            sum += at - before
            squares += (at - before) * (at - before)
          }
          last[packet.to.index] = at
          var ack = packet
          ack.kind = .ack
          _ = group.turn(node) { $0.receive(ack, from: packet.to, &$1) }
        }
      }
    }
    return squares / (2 * sum)
  }

  /// Round robin over a shuffled list: the same target again within 2n-1 periods at most.
  @Test func roundRobin_neverWaitsLongerThanTwoRoundsLessOne() {
    for n in [2, 5, 10, 50] {
      var group = Group(n, seed: UInt64(n))
      var last = [Int](repeating: 0, count: n)
      var longest = 0
      for period in 1...(20 * n) {
        let turn = group.turn(0) { $0.fire(.period, &$1) }
        for case .send(let packet) in turn.effects {
          let target = packet.to.index
          if last[target] > 0 { longest = max(longest, period - last[target]) }
          last[target] = period
          var ack = packet
          ack.kind = .ack
          _ = group.turn(0) { $0.receive(ack, from: packet.to, &$1) }
        }
      }
      #expect(longest <= 2 * n - 1, "n=\(n)")
      #expect(last.dropFirst().allSatisfy { $0 > 18 * n }, "n=\(n)")
    }
  }

  /// P(a probe of a live node fails) = (1-(1-p)^2) (1-(1-p)^4)^k.
  @Test func probeFailure_withLoss_isTheFormula() {
    let trials = 3000
    var stream = RandomStream(seed: 3, purpose: 98)
    for p in [0.1, 0.2] {
      for k in [0, 1, 3] {
        let fresh = Group(6, seed: 11) { $0.indirect = k }
        var streams = RandomStream(seed: UInt64(k), purpose: 97)
        var failed = 0
        for _ in 0..<trials {
          var group = fresh
          group.members[0] = Member(
            table: group.members[0].table,
            stream: RandomStream(seed: streams.next(), purpose: 32))
          let ping = group.turn(0) { $0.fire(.period, &$1) }
          group.deliver(ping.effects, from: 0, loss: p, &stream)
          for case .wake(.answer(let sequence), _) in ping.effects {
            let asks = group.turn(0) { $0.fire(.answer(sequence: sequence), &$1) }
            group.deliver(asks.effects, from: 0, loss: p, &stream)
          }
          let end = group.turn(0, at: 1_000_000_000) { $0.fire(.period, &$1) }
          if end.changes.contains(where: { $0.to == .suspect }) { failed += 1 }
        }
        let q = 1 - p
        var model = 1 - q * q
        for _ in 0..<k { model *= 1 - q * q * q * q }
        let share = Double(failed) / Double(trials)
        let error = (model * (1 - model) / Double(trials)).squareRoot()
        #expect(abs(share - model) < 4 * error, "p=\(p) k=\(k): \(share) against \(model)")
      }
    }
  }

  /// 2 messages a member and period, whatever the size: own ping, one ack on average.
  @Test func load_isTwoMessagesAMemberAndPeriod_whateverTheSize() throws {
    for n in [10, 200] {
      var sim = try Clusters.two(
        east: n / 2, west: n / 2,
        [
          ("membership.detector", "swim"), ("workload.rate", "0"), ("workload.keys", "10"),
          ("ring.vnodes", "1"), ("client.ping_interval", "600s"), ("client.down_after", "600s"),
        ])
      sim.run(seconds: 2)
      let before = sim.membershipMessages
      let periods = n == 10 ? 100 : 20
      sim.run(seconds: Double(periods))
      let load = Double(sim.membershipMessages - before) / Double(n * periods)
      #expect(abs(load - 2) < 0.02, "n=\(n): \(load)")
      #expect(sim.falseSuspicions == 0)
    }
  }

  /// Each rumour goes out mult * ceil(log10(n + 1)) times, a bounded number per message.
  @Test func rumours_goOutABoundedNumberOfTimes_leastSentFirst() {
    #expect([1, 9, 10, 99, 100].map { Rumours.limit(mult: 3, members: $0) } == [3, 3, 6, 6, 9])
    var rumours = Rumours()
    for node in 0..<5 as Range<UInt16> {
      rumours.spread(
        Rumour(about: NodeID(node), belief: .dead, incarnation: 1, from: NodeID(9)))
    }
    var sent = [Int](repeating: 0, count: 5)
    for _ in 0..<20 {
      var packet: ContiguousArray<Rumour> = []
      rumours.take(most: 2, limit: 4, into: &packet)
      #expect(packet.count <= 2)
      for rumour in packet { sent[rumour.about.index] += 1 }
      let still = sent.filter { $0 < 4 }
      #expect((still.max() ?? 0) - (still.min() ?? 0) <= 1)
    }
    #expect(sent == [4, 4, 4, 4, 4] && rumours.count == 0)
  }

  /// memberlist's least time-out; Lifeguard's falls from six times that with the logarithm of the
  /// independent suspicions, and reaches it at three.
  @Test func suspicionTimeout_followsTheFormula() {
    var settings = Settings.Membership()
    func timeout(_ n: Int, _ confirmations: Int) -> Double {
      Double(Swim.suspicionTimeout(members: n, confirmations: confirmations, settings)) / 1e9
    }
    #expect(timeout(5, 0) == 4 && abs(timeout(100, 0) - 8) < 1e-6)
    settings.lifeguard = true
    #expect(timeout(10, 0) == 24 && abs(timeout(10, 1) - 14) < 1e-6)
    #expect(abs(timeout(10, 2) - (24 - 20 * 0.79248125)) < 1e-6 && timeout(10, 3) == 4)
    #expect(timeout(2, 0) == 4)
  }

  /// Lifeguard: failed probes and refuted suspicions make a node slower, answered ones quicker.
  @Test func localHealth_risesWithFailedProbes_andFallsWithAnswers() {
    var group = Group(4, seed: 5) { $0.lifeguard = true }
    var stream = RandomStream(seed: 5, purpose: 96)
    for _ in 0..<12 { _ = group.turn(0) { $0.fire(.period, &$1) } }
    #expect(group.members[0].swim.health == Swim.worstHealth)
    let turn = group.turn(0) { $0.fire(.period, &$1) }
    let next = turn.effects.compactMap { effect -> Int64? in
      if case .wake(.period, let after) = effect { return after } else { return nil }
    }
    #expect(next == [9_000_000_000])
    group.deliver(turn.effects, from: 0, &stream)
    #expect(group.members[0].swim.health == Swim.worstHealth - 1)
  }

  /// A failed probe costs one; each nack that does not come costs one more: a dead target costs 1
  /// where all relays say that they heard nothing, 1 + k where not one of them does.
  @Test func localHealth_countsMissedNacks() {
    for arriving in [true, false] {
      var group = Group(6, seed: 8) {
        $0.lifeguard = true
        $0.indirect = 3
      }
      let begin = group.turn(0) { $0.fire(.period, &$1) }
      var asks: [SwimPacket] = []
      for case .wake(.answer(let sequence), _) in begin.effects {
        let due = group.turn(0) { $0.fire(.answer(sequence: sequence), &$1) }
        for case .send(let packet) in due.effects { asks.append(packet) }
      }
      #expect(asks.count == 3 && asks.allSatisfy { $0.kind == .pingReq })
      for ask in asks {
        let relay = ask.to.index
        let pinged = group.turn(relay) { $0.receive(ask, from: NodeID(0), &$1) }
        for case .wake(.nack(let number), let after) in pinged.effects {
          #expect(after == group.settings.pingTimeout.nanoseconds * 4 / 5)
          let told = group.turn(relay) { $0.fire(.nack(relay: number), &$1) }
          for case .send(let nack) in told.effects where arriving {
            #expect(nack.kind == .nack && nack.to == NodeID(0))
            _ = group.turn(0) { $0.receive(nack, from: NodeID(UInt16(relay)), &$1) }
          }
        }
      }
      _ = group.turn(0) { $0.fire(.period, &$1) }
      #expect(group.members[0].swim.health == (arriving ? 1 : 4), "arriving \(arriving)")
    }
  }

  /// Whoever fails itself to reach a suspect of whom it has only heard confirms the suspicion, and
  /// passes that on: without it the time-out would never shrink once all have heard of the first.
  @Test func anOwnFailedProbe_ofASuspect_isAnIndependentSuspicion() {
    var group = Group(2, seed: 8) { $0.lifeguard = true }
    _ = group.turn(0) { turn, effects in
      turn.receive(
        SwimPacket(
          kind: .ping, to: NodeID(0), origin: NodeID(1), subject: NodeID(0), sequence: 0,
          rumours: [Rumour(about: NodeID(1), belief: .suspect, incarnation: 1, from: NodeID(7))]),
        from: NodeID(1), &effects)
    }
    _ = group.turn(0) { $0.fire(.period, &$1) }
    let turn = group.turn(0, at: 1_000_000_000) { $0.fire(.period, &$1) }
    let told = turn.effects.flatMap { effect -> [Rumour] in
      if case .send(let packet) = effect { return Array(packet.rumours) } else { return [] }
    }
    #expect(told.contains { $0.belief == .suspect && $0.from == NodeID(0) })
  }

  /// A relay whose ping was answered sends no nack.
  @Test func anAnsweredRelay_staysSilent() {
    var group = Group(4, seed: 8) { $0.lifeguard = true }
    let ask = SwimPacket(
      kind: .pingReq, to: NodeID(1), origin: NodeID(0), subject: NodeID(2), sequence: 5)
    let pinged = group.turn(1) { $0.receive(ask, from: NodeID(0), &$1) }
    let ack = SwimPacket(
      kind: .ack, to: NodeID(1), origin: NodeID(0), subject: NodeID(2), sequence: 5)
    _ = group.turn(1) { $0.receive(ack, from: NodeID(2), &$1) }
    for case .wake(.nack(let number), _) in pinged.effects {
      let due = group.turn(1) { $0.fire(.nack(relay: number), &$1) }
      #expect(due.effects.isEmpty)
    }
  }
}
