import Testing

@testable import ClusterSim

/// The accrual detector (facts.md section 2, "Phi accrual").
@Suite struct PhiTests {
  /// Beats every second, then silence; the seconds after the last beat at which node 1 is dead.
  private func verdict(_ settings: Settings.Membership, tick: Int64 = 100_000_000) -> Double? {
    var member = Member(
      table: MembershipTable(
        me: NodeID(0), members: [NodeID(0), NodeID(1)], incarnation: 1, now: 0),
      stream: RandomStream(seed: 1, purpose: 32))
    var changes: [BeliefChange] = []
    var suspects: [NodeID] = []
    var last: Int64 = 0
    for beat in 1...200 as ClosedRange<UInt32> {
      last = Int64(beat) * 1_000_000_000
      member.see(
        NodeID(1), counter: beat, incarnation: 1, now: last, settings: settings, changes: &changes)
      member.scan(now: last, settings: settings, changes: &changes, suspects: &suspects)
    }
    for step in 1...600 as ClosedRange<Int64> {
      let now = last + step * tick
      member.scan(now: now, settings: settings, changes: &changes, suspects: &suspects)
      if member.table.belief(NodeID(1)) == .dead { return Double(now - last) / 1e9 }
    }
    return nil
  }

  /// phi = elapsed / (mean ln 10) passes 8 at 18.42 mean gaps; the verdict falls at the next tick.
  @Test func exponential_atSteadyGaps_convictsAfter18_42MeanGaps() throws {
    var settings = Settings.Membership()
    settings.detector = .phi
    settings.phiFirst = .seconds(1)
    let after = try #require(verdict(settings))
    #expect(after > 18.42 && after <= 18.53)
    // Cassandra's assumption of 2 s for the first gap weighs one in a window of a thousand.
    settings.phiFirst = .seconds(2)
    settings.phiWindow = 50
    #expect(verdict(settings) == after)
  }

  /// Akka: mean 1 s, least deviation .1 s, acceptable pause 3 s: 4.56 s after the last beat.
  @Test func normal_withAkkasSettings_convictsAfter4_56Seconds() throws {
    var settings = Settings.Membership()
    settings.detector = .phi
    settings.phiFirst = .seconds(1)
    settings.phiModel = .normal
    let after = try #require(verdict(settings, tick: 10_000_000))
    #expect(abs(after - 4.565) <= 0.01, "\(after)")
  }

  /// Known values of the upper tail of the normal distribution, on both sides of the seam at 2.
  @Test func upperTail_isThatOfTheNormalDistribution() {
    let known: [(Double, Double)] = [
      (-3, 0.9986501019683699), (0, 0.5), (1, 0.15865525393145707), (1.96, 0.024997895148220435),
      (2, 0.022750131948179195), (3, 0.0013498980316300933), (5.612001244174789, 1e-8),
    ]
    for (z, tail) in known {
      let expected = -Elementary.log(tail) / 2.302585092994046
      #expect(abs(PhiAccrual.minusLog10UpperTail(z) - expected) < 1e-9, "z=\(z)")
    }
  }

  /// phi of known gaps by the two published forms, from gaps that a node really saw: 900 and 1100 ms in
  /// turn, so mean 1 s and deviation 100 ms.
  @Test func phi_isTheFormulaOverTheGapsSeen() throws {
    var settings = Settings.Membership()
    settings.detector = .phi
    settings.phiFirst = .milliseconds(1100)
    settings.phiWindow = 1000
    settings.phiPause = .zero
    settings.phiMinDeviation = .milliseconds(1)
    var phi = PhiAccrual()
    var now: Int64 = 0
    for beat in 1...500 as ClosedRange<Int64> {
      let before = now
      now += beat % 2 == 1 ? 1_100_000_000 : 900_000_000
      phi.arrived(Rise(node: NodeID(1), before: before), now: now, width: 2, settings: settings)
    }
    let gaps = try #require(phi.gaps(of: NodeID(1)))
    #expect(abs(gaps.mean / 1e9 - 1) < 1e-5 && abs(gaps.deviation / 1e8 - 1) < 1e-4)
    for silence in [0.5, 1, 1.2, 1.5] {
      let nanoseconds = Int64(silence * 1e9)
      settings.phiModel = .exponential
      let exponential = phi.phi(of: NodeID(1), silence: nanoseconds, settings: settings)
      #expect(abs(exponential - silence / 2.302585092994046) < 1e-4)
      settings.phiModel = .normal
      let normal = phi.phi(of: NodeID(1), silence: nanoseconds, settings: settings)
      let formula = PhiAccrual.minusLog10UpperTail((silence - 1) / 0.1)
      #expect(abs(normal - formula) < 1e-3 * max(1, formula), "\(silence) s: \(normal)")
    }
  }
}
