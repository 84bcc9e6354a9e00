import Testing

@testable import Consistency

/// The live judge tries only so many states at an event, and says the same in the end.
@Suite struct LiveBudgetTests {
  /// One key, `width` writers at a time whose writes overlap, and reads of what they may have written:
  /// what a search costs grows with every writer.
  private func feed(
    _ judge: inout LiveJudge, width: Int, rounds: Int, afterEach: (LiveJudge) -> Void
  ) {
    var value: UInt64 = 0
    var time: Int64 = 0
    for _ in 0..<rounds {
      var open: [(Int32, UInt64)] = []
      for process in 0..<width {
        value += 1
        open.append(
          (judge.invoke(process: Int64(process), key: 0, writes: value, at: time), value))
        time += 1
      }
      var reads: [(Int32, UInt64)] = []
      for (place, item) in open.enumerated() where place % 2 == 0 {
        let process = Int64(width + place)
        reads.append((judge.invoke(process: process, key: 0, writes: nil, at: time), item.1))
      }
      for (place, found) in reads {
        judge.complete(place, key: 0, .ok, value: found, version: nil, at: time)
        time += 1
        afterEach(judge)
      }
      for (place, written) in open {
        judge.complete(place, key: 0, .ok, value: written, version: nil, at: time)
        time += 1
        afterEach(judge)
      }
    }
  }

  @Test func aHotKey_costsNoEventMoreThanItsShare_andTheAnswerIsTheSame() {
    var small = LiveLimits()
    small.statesPerEvent = 8
    small.savedStates = 64
    var whole = LiveLimits()
    whole.statesPerEvent = .max / 4
    whole.savedStates = .max / 4
    var (slow, fast) = (LiveJudge(small), LiveJudge(whole))
    var wasBehind = false
    var most = 0
    var before = 0
    feed(&slow, width: 9, rounds: 6) { judge in
      if judge.keysBehind > 0 { wasBehind = true }
      most = max(most, judge.statesTried - before)
      before = judge.statesTried
    }
    feed(&fast, width: 9, rounds: 6) { _ in }
    #expect(wasBehind && fast.keysBehind == 0)
    #expect(most <= 64)
    #expect(fast.statesTried > 10 * most)
    let (late, early) = (slow.concluded(), fast.concluded())
    #expect(late.linearizable == .yes && early.linearizable == .yes)
    // A read of what nobody wrote, found late or early.
    for limits in [small, whole] {
      var judge = LiveJudge(limits)
      feed(&judge, width: 9, rounds: 4) { _ in }
      let read = judge.invoke(process: 99, key: 0, writes: nil, at: 1_000_000)
      judge.complete(read, key: 0, .ok, value: 1, version: nil, at: 1_000_001)
      let last = judge.concluded()
      #expect(last.linearizable == .no)
      #expect(last.violatedSince == 1_000_001)
    }
  }
}
