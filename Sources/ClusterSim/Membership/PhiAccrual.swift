/// The gaps between a peer's heartbeats: the last ones, bounded, with their sums (µs).
struct ArrivalWindow {
  private var gaps: ContiguousArray<UInt32> = []
  private var oldest = 0
  private var sum: UInt64 = 0
  private var squares: UInt64 = 0

  var count: Int { gaps.count }

  /// Takes a gap in; at `bound` gaps the oldest goes.
  mutating func add(_ gap: Int64, bound: Int) {
    let gap = UInt32(clamping: gap / 1000)
    if gaps.count > bound {
      self = ArrivalWindow()
    }
    if gaps.count < bound {
      gaps.append(gap)
    } else {
      let old = UInt64(gaps[oldest])
      sum -= old
      squares -= old * old
      gaps[oldest] = gap
      oldest = oldest + 1 == gaps.count ? 0 : oldest + 1
    }
    sum += UInt64(gap)
    squares += UInt64(gap) * UInt64(gap)
  }

  /// Mean gap, ns; nil before the first.
  var mean: Double? {
    gaps.isEmpty ? nil : Double(sum) / Double(gaps.count) * 1000
  }

  /// Standard deviation of the gaps, ns.
  var deviation: Double {
    guard !gaps.isEmpty else { return 0 }
    let mean = Double(sum) / Double(gaps.count)
    return max(0, Double(squares) / Double(gaps.count) - mean * mean).squareRoot() * 1000
  }
}

/// The accrual failure detector (Hayashibara et al., SRDS 2004) over gossiped heartbeats: how
/// suspect a peer is grows with its silence, measured by the gaps between its heartbeats so far.
///
/// `phi = -log10 P(gap > silence)`. Model `exponential` is Cassandra's (`FailureDetector.java`):
/// `phi = silence / (mean * ln 10)`; the first gap is an assumption, gaps longer than that are not
/// recorded, and after a pause of its own the node passes no verdicts for as long as that pause has
/// to be to count. Model `normal` is Akka's: gaps normal about mean + acceptable pause with a least
/// standard deviation. A peer is suspect from `phi_suspect`, dead from `phi_threshold`.
struct PhiAccrual {
  /// By host number.
  private var windows: ContiguousArray<ArrivalWindow> = []
  private var lastRise: ContiguousArray<Int64> = []
  private var lastScan: Int64?
  private var pausedAt: Int64?

  /// The counter of `node` rose.
  mutating func arrived(_ node: NodeID, now: Int64, settings: Settings.Membership) {
    while windows.count <= node.index {
      windows.append(ArrivalWindow())
      lastRise.append(-1)
    }
    let first = settings.phiFirst.nanoseconds
    if windows[node.index].count == 0 {
      windows[node.index].add(first, bound: settings.phiWindow)
    } else {
      let gap = now - lastRise[node.index]
      if gap <= first { windows[node.index].add(gap, bound: settings.phiWindow) }
    }
    lastRise[node.index] = now
  }

  /// Mean and standard deviation of the gaps remembered of a peer, ns; nil before the first.
  func gaps(of node: NodeID) -> (mean: Double, deviation: Double)? {
    guard node.index < windows.count, let mean = windows[node.index].mean else { return nil }
    return (mean, windows[node.index].deviation)
  }

  /// How suspect `node` is after `silence` ns.
  func phi(of node: NodeID, silence: Int64, settings: Settings.Membership) -> Double {
    let window = node.index < windows.count ? windows[node.index] : ArrivalWindow()
    let mean = window.mean ?? Double(settings.phiFirst.nanoseconds)
    switch settings.phiModel {
    case .exponential: return Double(silence) / (mean * Self.ln10)
    case .normal:
      let deviation = max(window.deviation, Double(settings.phiMinDeviation.nanoseconds))
      let pause = Double(settings.phiPause.nanoseconds)
      return Self.minusLog10UpperTail((Double(silence) - mean - pause) / max(1, deviation))
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
