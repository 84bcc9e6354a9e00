import ClusterSim

/// A condition under watch: knows since when it has held without a break.
public struct ConditionWatch: Equatable, Sendable {
  public let condition: Condition
  /// Nil while it does not hold.
  public private(set) var heldSince: Instant?
  public private(set) var status: ConditionStatus?

  public init(_ condition: Condition) { self.condition = condition }

  /// Looks at the state as it is now. True where the condition has held long enough.
  @discardableResult
  public mutating func update(_ simulation: Simulation) -> Bool {
    let status = condition.status(in: simulation)
    self.status = status
    if !status.holdsNow {
      heldSince = nil
    } else if heldSince.map({ $0 > simulation.now }) ?? true {
      // Also after a step back in time: what is ahead has not been held yet.
      heldSince = simulation.now
    }
    return isMet(at: simulation.now)
  }

  /// How far the hold has come, 0 to 1; nil where a moment is enough.
  public func heldShare(at now: Instant) -> Double? {
    guard condition.hold > .zero else { return nil }
    guard let heldSince else { return 0 }
    return min(1, (now - heldSince).seconds / condition.hold.seconds)
  }

  private func isMet(at now: Instant) -> Bool {
    heldSince.map { now - $0 >= condition.hold } ?? false
  }
}
