import Testing

@testable import ClusterSim

/// Raft as a story: what is done, and what then happens. Latency 1 ms, time-outs 150 to 300 ms.
struct RaftScriptTests {
  private let ms: Int64 = 1_000_000

  private func group(
    _ servers: Int = 3, _ change: (inout RaftOptions) -> Void = { _ in }
  ) -> RaftNetwork {
    var options = RaftOptions()
    change(&options)
    return RaftNetwork(servers: servers, options: options, latency: 1_000_000...1_000_000, seed: 1)
  }

  private func put(_ network: inout RaftNetwork, at place: Int, _ value: UInt64) -> UInt64? {
    var index: UInt64?
    network.act(place) { node, now, _, effects in
      index = node.propose(.put, value: value, now: now, &effects)
    }
    return index
  }

  @Test func oneTimesOut_leads_andReplicates() {
    var network = group()
    network.timeOut(0)
    network.run(for: 5 * ms)
    #expect(network.happened() == ["0 leads term 1"])
    // Index 1 is the leader's empty entry; followers learn what is committed by the next heartbeat.
    #expect(put(&network, at: 0, 7) == 2)
    network.run(for: 3 * ms)
    #expect(network.happened() == ["0 applies 7 at 2"])
    network.run(for: 60 * ms)
    #expect(network.happened() == ["1 applies 7 at 2", "2 applies 7 at 2"])
    // Only the leader takes proposals.
    #expect(put(&network, at: 1, 8) == nil)
  }

  @Test func leaderDies_theOthersElect_andKeepWhatWasCommitted() {
    var network = group()
    network.timeOut(0)
    network.run(for: 5 * ms)
    _ = put(&network, at: 0, 7)
    network.run(for: 3 * ms)
    network.down |= 1
    _ = network.happened()
    network.timeOut(2)
    network.run(for: 60 * ms)
    #expect(
      network.happened() == ["2 leads term 2", "2 applies 7 at 2", "1 applies 7 at 2"])
    // The old leader comes back from disk, as a follower with the log of the new one.
    network.restart(0)
    network.run(for: 60 * ms)
    #expect(network.nodes[0].role == .follower)
    #expect(network.nodes[0].disk.log.lastIndex == network.nodes[2].disk.log.lastIndex)
    #expect(network.happened() == ["0 applies 7 at 2"])
  }

  @Test func leaderWithoutMajority_refuses() {
    var network = group()
    network.timeOut(0)
    network.run(for: 5 * ms)
    network.down |= 0b110
    _ = network.happened()
    network.act(0) { node, now, _, effects in _ = node.read(tag: 9, now: now, &effects) }
    network.run(for: 400 * ms)
    #expect(network.happened() == ["0 refuses read 9", "0 steps down"].sorted())
    #expect(put(&network, at: 0, 7) == nil)
  }

  /// A server that hears nobody but is heard raises the term again and again, and each time the
  /// leader has to step down. Asking first (pre-vote) it never disturbs anybody.
  @Test func deafServer_disturbs_unlessItAsksFirst() {
    for preVote in [false, true] {
      var network = group(5) { $0.preVote = preVote }
      network.timeOut(0)
      network.run(for: 5 * ms)
      network.deaf = 1 << 4
      _ = network.happened()
      network.run(for: 3_000 * ms)
      let disturbed = network.happened().contains { $0.hasSuffix("steps down") }
      #expect(disturbed == !preVote)
    }
  }

  @Test func read_byIndexAsksAMajority_byLeaseDoesNot() {
    for (reads, expected) in [(RaftOptions.Reads.readIndex, 0), (.lease, 1)] {
      var network = group { $0.reads = reads }
      network.timeOut(0)
      network.run(for: 10 * ms)
      _ = network.happened()
      network.act(0) { node, now, _, effects in _ = node.read(tag: 3, now: now, &effects) }
      #expect(network.happened().count == expected)
      network.run(for: 3 * ms)
      #expect(network.happened().count == 1 - expected)
    }
  }

  @Test func transfer_handsOverAtOnce() {
    var network = group()
    network.timeOut(0)
    network.run(for: 10 * ms)
    _ = network.happened()
    network.act(0) { node, now, _, effects in
      _ = node.transfer(to: 2, now: now, &effects)
    }
    network.run(for: 5 * ms)
    #expect(network.happened() == ["0 steps down", "2 leads term 2"])
  }

  @Test func lateServer_getsASnapshot() {
    var network = group { $0.snapshotAfter = 10 }
    network.down = 0b100
    network.timeOut(0)
    network.run(for: 5 * ms)
    for value in 1...25 { _ = put(&network, at: 0, UInt64(value)) }
    network.run(for: 10 * ms)
    _ = network.happened()
    network.restart(2)
    network.run(for: 120 * ms)
    #expect(network.happened().contains { $0.hasPrefix("2 restores ") })
    #expect(network.nodes[2].digest == network.nodes[0].digest)
  }

  @Test func membership_oneAtATime() {
    var network = group(4)
    // Server 3 is no voter yet.
    for place in 0..<4 {
      network.nodes[place].voters = place < 3 ? 0b111 : 0
      network.nodes[place].disk.baseVoters = place < 3 ? 0b111 : 0
    }
    network.timeOut(0)
    network.run(for: 5 * ms)
    var outcomes: [Bool] = []
    for wanted: UInt32 in [0b1111, 0b1110, 0b1111] {
      network.act(0) { node, now, _, effects in
        outcomes.append(node.change(voters: wanted, now: now, &effects))
      }
    }
    // The second is one change too many while the first is under way; the third changes nothing.
    #expect(outcomes == [true, false, false])
    network.run(for: 60 * ms)
    #expect(network.nodes[3].voters == 0b1111)
    // The leader can remove itself and leaves once that is committed.
    network.act(0) { node, now, _, effects in
      _ = node.change(voters: 0b1110, now: now, &effects)
    }
    network.run(for: 10 * ms)
    #expect(network.nodes[0].role == .follower)
  }

  /// Ongaro's correction of 2015: a new leader changes nobody before an entry of its own term is
  /// committed, for a change of the leader before it may still come to be committed.
  @Test func membership_waitsForAnEntryOfTheOwnTerm() {
    var network = group(4)
    for place in 0..<4 {
      network.nodes[place].voters = place < 3 ? 0b111 : 0
      network.nodes[place].disk.baseVoters = place < 3 ? 0b111 : 0
    }
    network.timeOut(0)
    network.run(for: 5 * ms)
    // The first leader appends a change and dies before anybody has it.
    network.down = 0b110
    var asked: [Bool] = []
    func change(_ place: Int, _ wanted: UInt32) {
      network.act(place) { node, now, _, effects in
        asked.append(node.change(voters: wanted, now: now, &effects))
      }
    }
    change(0, 0b1111)
    network.run(for: 2 * ms)
    network.down = 0b001
    network.timeOut(1)
    network.run(for: 2 * ms)
    #expect(network.nodes[1].role == .leader)
    change(1, 0b011)
    network.run(for: 3 * ms)
    change(1, 0b011)
    #expect(asked == [true, false, true])
  }

  /// A newcomer learns first and votes only then; who is removed learns of it and stays quiet.
  @Test func membership_learnerHasNoVote_removedDoesNotDisturb() {
    var network = group(4)
    for place in 0..<4 {
      network.nodes[place].voters = place < 3 ? 0b111 : 0
      network.nodes[place].disk.baseVoters = place < 3 ? 0b111 : 0
    }
    network.timeOut(0)
    network.run(for: 5 * ms)
    _ = put(&network, at: 0, 7)
    network.run(for: 3 * ms)
    network.act(0) { node, now, _, effects in
      #expect(node.teach(3, now: now, &effects))
      #expect(!node.isCaughtUp(3))
    }
    network.run(for: 10 * ms)
    #expect(network.nodes[0].isCaughtUp(3) && network.nodes[3].disk.log.base == 2)
    // Two of three have failed: the learner's answers commit nothing.
    network.down = 0b0110
    let commit = network.nodes[0].commit
    _ = put(&network, at: 0, 8)
    network.run(for: 20 * ms)
    #expect(network.nodes[3].disk.log.lastIndex == 3 && network.nodes[0].commit == commit)
    network.down = 0
    network.run(for: 60 * ms)
    for wanted: UInt32 in [0b1111, 0b1101] {
      network.act(0) { node, now, _, effects in
        #expect(node.change(voters: wanted, now: now, &effects))
      }
      network.run(for: 60 * ms)
    }
    #expect(network.nodes[1].voters == 0b1101)
    _ = network.happened()
    let terms = network.nodes.map(\.term)
    network.run(for: 2_000 * ms)
    #expect(network.happened().isEmpty && network.nodes.map(\.term) == terms)
  }
}
