/// How much a live verdict may remember and try. At a bound an answer becomes `unknown`.
public struct LiveLimits: Equatable, Sendable {
  /// States tried in one stretch of overlapping operations on a key.
  public var states = 2_000_000
  /// States tried at every event, of all keys together, so that no hot key stops the screen: what is
  /// left is tried at the next ones. What is not used is kept up to `savedStates`.
  public var statesPerEvent = 64
  public var savedStates = 4096
  /// Events of one key that wait for the outcome of an operation begun before them.
  public var waiting = 20_000
  /// Writes without a known outcome that no read has found yet, of all keys.
  public var unseenWrites = 16_384
  /// Pairs of process and key whose session is followed.
  public var sessions = 1 << 20
  /// Writes, and as many other operations, kept of each key to show what a violation is made of.
  public var recent = 6
  /// As many of a key whose operations overlap.
  public var recentOverlapping = 200
  /// States tried to find what a violation is made of.
  public var evidenceStates = 20_000
  /// As `CheckOptions.causalWords`.
  public var causalWords = CheckOptions().causalWords
  /// Keys of which a violation is kept.
  public var violations = 1000

  public init() {}
}
