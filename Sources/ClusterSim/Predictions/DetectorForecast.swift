extension Simulation {
  /// SWIM: how long a suspicion lasts in a group of so many, unless it is confirmed.
  public func suspicionTimeout(members: Int) -> Span {
    Span(
      nanoseconds: Swim.suspicionTimeout(
        members: members, confirmations: 0, settings.membership))
  }

  /// SWIM: how often a node passes a rumour on.
  public func rumourLimit(members: Int) -> Int {
    Rumours.limit(mult: settings.membership.rumourMult, members: members)
  }

  /// phi: what the first of so many gaps weighs in their mean where `window` are to count, of 1.
  public static func weightOfFirstGap(of gaps: Double, window: Int) -> Double {
    let half = (Double(window) + 1) / 2
    if gaps <= half { return 1 / max(1, gaps) }
    return Elementary.exp((gaps - half) * Elementary.log(max(1e-300, 1 - 1 / half))) / half
  }

  /// Gaps between the heartbeats that running nodes remember of one another: the mean over all pairs of
  /// mean and standard deviation, s. Nil where none is remembered.
  public var heartbeatGaps: (mean: Double, deviation: Double)? {
    var (mean, deviation, count) = (0.0, 0.0, 0.0)
    for observer in storageNodes where hosts[observer.index].state == .up {
      guard let member = members[observer.index] else { continue }
      for subject in storageNodes where subject != observer && hosts[subject.index].state == .up {
        guard let gaps = member.phi.gaps(of: subject) else { continue }
        mean += gaps.mean
        deviation += gaps.deviation
        count += 1
      }
    }
    return count == 0 ? nil : (mean / count / 1e9, deviation / count / 1e9)
  }

  /// The silence in standard deviations beyond the mean at which `phi` is reached where gaps are
  /// normal: z with -log10 Q(z) = phi.
  public static func deviations(forPhi phi: Double) -> Double {
    var (low, high) = (-8.0, 40.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if PhiAccrual.minusLog10UpperTail(middle) < phi { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// E[(Z - z)+] of a standard normal Z: its density less z times its upper tail.
  public static func normalExcess(over z: Double) -> Double {
    let density = Elementary.exp(-z * z / 2) / 2.5066282746310002
    let tail = Elementary.exp(-PhiAccrual.minusLog10UpperTail(z) * 2.302585092994046)
    return density - z * tail
  }
}
