/// The accrual failure detector (Hayashibara et al., SRDS 2004) over gossiped heartbeats: how
/// suspect a peer is grows with its silence, measured by the gaps between its heartbeats so far.
///
/// `phi = -log10 P(gap > silence)`. Model `exponential` is Cassandra's (`FailureDetector.java`):
/// `phi = silence / (mean * ln 10)`; the first gap is an assumption, gaps longer than that are not
/// recorded, and after a pause of its own the node passes no verdicts for as long as that pause has
/// to be to count. Model `normal` is Akka's: gaps normal about mean + acceptable pause with a least
/// standard deviation. A peer is suspect from `phi_suspect`, dead from `phi_threshold`.
struct PhiAccrual {
  private var arrivals = ArrivalColumns()
  private var lastScan: Int64?
  private var pausedAt: Int64?

  /// A counter rose at `now`, of one of the first `width` hosts.
  mutating func arrived(_ rise: Rise, now: Int64, width: Int, settings: Settings.Membership) {
    arrivals.widen(to: width)
    let first = settings.phiFirst.nanoseconds
    let node = rise.node.index
    // Before the first heartbeat nothing says how long the gap was.
    let gap = arrivals.hasGaps(node) ? now - rise.before : first
    if gap <= first { arrivals.add(gap, of: node, window: settings.phiWindow) }
  }

  /// Mean and standard deviation of the gaps remembered of a peer, ns; nil before the first.
  func gaps(of node: NodeID) -> (mean: Double, deviation: Double)? {
    arrivals.gaps(node.index)
  }

  /// Bytes that a copy takes once the two are not the same any more.
  var bytes: Int { arrivals.bytes }

  /// How suspect `node` is after `silence` ns.
  func phi(of node: NodeID, silence: Int64, settings: Settings.Membership) -> Double {
    let gaps = gaps(of: node) ?? (Double(settings.phiFirst.nanoseconds), 0)
    switch settings.phiModel {
    case .exponential: return Double(silence) / (gaps.mean * Self.ln10)
    case .normal:
      let deviation = max(gaps.deviation, Double(settings.phiMinDeviation.nanoseconds))
      let pause = Double(settings.phiPause.nanoseconds)
      return Self.minusLog10UpperTail((Double(silence) - gaps.mean - pause) / max(1, deviation))
    }
  }

  /// Judges every peer by its silence.
  mutating func scan(
    _ table: inout MembershipTable, now: Int64, settings: Settings.Membership,
    changes: inout [BeliefChange], suspects: inout [NodeID]
  ) {
    let longPause = settings.phiLocalPause.nanoseconds
    if let lastScan, now - lastScan > longPause { pausedAt = now }
    lastScan = now
    if let pausedAt, now - pausedAt < longPause { return }
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      let belief = table.belief(peer)
      guard belief == .alive || belief == .suspect else { continue }
      let phi = phi(of: peer, silence: now - table.rose(peer), settings: settings)
      if phi > settings.phiThreshold {
        if belief == .alive, let change = table.change(peer, to: .suspect, now: now) {
          changes.append(change)
        }
        if let change = table.change(peer, to: .dead, now: now) { changes.append(change) }
      } else if phi > settings.phiSuspect, belief == .alive {
        if let change = table.change(peer, to: .suspect, now: now) { changes.append(change) }
        suspects.append(peer)
      }
    }
  }

  private static let ln10 = 2.302585092994046

  /// `-log10 Q(z)`, Q the upper tail of the standard normal: the series of the distribution below
  /// 2, Laplace's continued fraction from there.
  static func minusLog10UpperTail(_ z: Double) -> Double {
    let density = -z * z / 2 - 0.9189385332046727
    if z < -8 { return 0 }
    if z < 2 {
      var term = z
      var sum = z
      var odd = 3.0
      while abs(term) > 1e-17 * abs(sum) {
        term *= z * z / odd
        sum += term
        odd += 2
      }
      let below = 0.5 + Elementary.exp(density) * sum
      return max(0, -Elementary.log(max(1e-300, 1 - below)) / ln10)
    }
    var fraction = z
    for k in stride(from: 60.0, through: 1, by: -1) { fraction = z + k / fraction }
    return (Elementary.log(fraction) - density) / ln10
  }
}
