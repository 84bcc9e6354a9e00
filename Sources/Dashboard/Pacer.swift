import ClusterSim

/// Turns wall time into virtual time under a budget of work. If the budget ends first, virtual time
/// lags behind and the ratio says so; events are never skipped. It reads no clock: the main loop
/// tells it the time in nanoseconds of any monotonic clock.
public struct Pacer: Equatable, Sendable {
  /// Wall time that simulating may take of one frame.
  public var budgetNanoseconds: Int64
  /// Events between two looks at the clock.
  public static let chunk = 2_000
  /// A longer gap counts as this: after a stop (^Z, a laptop's lid) nothing is caught up.
  static let longestGap: Int64 = 250_000_000
  /// The ratio is taken over about this much wall time.
  static let window: Int64 = 1_000_000_000

  private var lastWall: Int64?
  private var started: Instant?
  private var wanted = 1.0
  private var wallSum: Double = 0
  private var virtualSum: Double = 0

  public init(budgetNanoseconds: Int64 = 60_000_000) {
    self.budgetNanoseconds = budgetNanoseconds
  }

  /// The virtual time to run to, at the beginning of a frame.
  ///
  /// - Parameters:
  ///   - wall: now, in nanoseconds.
  ///   - now: the simulation's time.
  ///   - speed: virtual seconds per second; 0 or less means paused.
  public mutating func target(wall: Int64, now: Instant, speed: Double) -> Instant {
    let gap = min(max(0, wall - (lastWall ?? wall)), Self.longestGap)
    lastWall = wall
    if speed != wanted {
      wanted = speed
      forget()
    }
    guard speed > 0 else {
      forget()
      return now
    }
    started = now
    wallSum += Double(gap)
    return now + Span(nanoseconds: Int64(Double(gap) * speed))
  }

  /// Whether another chunk may run in this frame.
  public func mayContinue(spentNanoseconds: Int64) -> Bool { spentNanoseconds < budgetNanoseconds }

  /// Reports where the simulation really came, at the end of a frame.
  public mutating func reached(_ now: Instant) {
    guard let started else { return }
    virtualSum += Double((now - started).nanoseconds)
    self.started = nil
    // Older frames fade, so that the ratio follows the load within about a second.
    if wallSum > Double(Self.window) {
      let keep = Double(Self.window) / wallSum
      wallSum *= keep
      virtualSum *= keep
    }
  }

  /// Virtual seconds per second reached lately; nil before there was enough time to tell.
  public var ratio: Double? {
    wallSum < Double(Self.window) / 4 ? nil : virtualSum / wallSum
  }

  /// The ratio where it is clearly below the speed wanted, for the status line.
  public var lag: Double? {
    guard let ratio, wanted > 0, ratio < wanted * 0.95 else { return nil }
    return ratio
  }

  /// Begins anew, after a seek or a change of speed.
  public mutating func forget() {
    wallSum = 0
    virtualSum = 0
    started = nil
  }
}
