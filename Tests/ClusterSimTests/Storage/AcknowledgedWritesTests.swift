import Testing

@testable import ClusterSim

/// What a stale read and a lost write are measured against, beyond the last few writes of a key.
@Suite struct AcknowledgedWritesTests {
  /// Writes 1 to `count` of each of two keys, acknowledged at their number times 10 ns.
  private func written(_ count: Int) -> AcknowledgedWrites {
    var writes = AcknowledgedWrites()
    for number in 1...count {
      for key in 0...1 as ClosedRange<UInt32> {
        writes.acknowledge(
          Versioned(version: version(number), value: UInt64(number)), key: key, invoked: 0,
          at: Int64(number) * 10)
      }
    }
    return writes
  }

  private func version(_ number: Int) -> Version { Version(time: Int64(number), node: 1) }

  @Test(arguments: [1, 7, 8, 9, 40, 3000]) func staleness_isSinceTheFirstReplacement(_ behind: Int)
  {
    let writes = written(5000)
    let frontier = version(4000)
    let found = writes.staleness(of: version(4000 - behind), frontier: frontier, key: 1)
    #expect(found.since == Int64(4000 - behind + 1) * 10 && found.behind == behind)
  }

  /// As many writes may be acknowledged while a read is under way.
  @Test func staleness_ofALongRead_isThatWhenItBegan() {
    let found = written(100).staleness(of: version(10), frontier: version(11), key: 0)
    #expect(found.since == 110 && found.behind == 1)
  }

  @Test func newer_findsAll_andLoseMarksThemOnce() {
    var writes = written(200)
    #expect(writes.newer(than: version(50), key: 0).map(\.write.value) == (51...200).reversed())
    writes.lose(newerThan: version(50), key: 0)
    #expect(writes.newer(than: version(0), key: 0).map(\.write.value) == (1...50).reversed())
    #expect(writes.newer(than: version(50), key: 1).count == 150)
  }

  /// A quarter of a million are kept of all keys; what is older counts from the oldest kept.
  @Test func memory_isBounded() {
    let writes = written(200_000)
    let all = writes.newer(than: .initial, key: 0)
    #expect(all.count > 125_000 && all.count < 132_000, "\(all.count)")
    let found = writes.staleness(of: .initial, frontier: writes.frontier(0), key: 0)
    #expect(found.behind == all.count && found.since == all.last?.at)
  }

  /// A copy is a checkpoint: what happens to the one is not seen by the other.
  @Test func copy_isApart() {
    let before = written(100)
    var after = before
    after.lose(newerThan: version(0), key: 0)
    #expect(before.newer(than: .none, key: 0).count == 100)
    #expect(after.newer(than: .none, key: 0).isEmpty)
  }
}
