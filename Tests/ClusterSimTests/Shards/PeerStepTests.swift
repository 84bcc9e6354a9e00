import Testing

@testable import ClusterSim

/// What primaries tell each other of a shard that moves, alone as state machines.
@Suite("Steps of a move, between primaries")
struct PeerStepTests {
  private func node(_ place: UInt8, logLimit: Int = 1000) -> MultiPrimaryNode {
    var options = PrimaryReplicaOptions()
    options.shipDelay = 0
    options.logLimit = logLimit
    return MultiPrimaryNode(me: place, peers: 0b11, disk: .init(), options: options, now: 0)
  }

  private func freeze(_ move: UInt32) -> ShardCommand {
    ShardCommand(
      group: 0, shard: 0, step: .freeze, move: move, request: 1, generation: 1, known: 2,
      isSource: true)
  }

  private func messages(_ effects: [PeerEffect]) -> [PeerMessage] {
    effects.compactMap { if case .send(let message) = $0 { message } else { nil } }
  }

  /// One that was far behind hears of the freeze with a copy: it takes no more writes, and its own log
  /// says so, or the others would wait for ever.
  @Test func freezeHeardWithACopy_isToldOn() throws {
    var (one, two) = (node(0), node(1))
    var effects: [PeerEffect] = []
    #expect(one.propose(freeze(1), now: 0, &effects))
    effects = []
    one.receive(PeerMessage(kind: .wanted, from: 1, to: 0), &effects)
    let copy = try #require(messages(effects).first)
    #expect(copy.kind == .copy)
    effects = []
    two.receive(copy, &effects)
    #expect(two.holding(of: 0).hold == .frozen)
    #expect(two.hasAll(ofFrozen: 1))
    #expect(!one.hasAll(ofFrozen: 1))
    effects = []
    two.fire(now: 100_000_000, &effects)
    for message in messages(effects) {
      var answers: [PeerEffect] = []
      one.receive(message, &answers)
    }
    #expect(one.hasAll(ofFrozen: 1))
  }

  /// A copy is on its way, and an answer from before it comes late through a cut: what the copy brings
  /// is not there yet.
  @Test func lateAnswer_doesNotStandForTheCopy() throws {
    var one = node(0)
    var effects: [PeerEffect] = []
    for value in 1...5 as ClosedRange<UInt64> {
      let entry = Versioned(version: Version(time: Int64(value), node: 0), value: value)
      one.write(PeerEntry(key: 0, entry: entry), &effects)
    }
    one.receive(PeerMessage(kind: .wanted, from: 1, to: 0), &effects)
    one.receive(PeerMessage(kind: .received, from: 1, to: 0, position: 2), &effects)
    #expect(!one.isTaken(upTo: one.last))
    one.receive(PeerMessage(kind: .received, from: 1, to: 0, position: one.last), &effects)
    #expect(one.isTaken(upTo: one.last))
  }
}
