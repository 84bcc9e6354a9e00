/// What the membership protocol cost and how often it was wrong, over the whole run.
///
/// Bytes are those of a plain encoding of what the simulated messages really carry, with 28 bytes of
/// IP and UDP headers each: a gossip entry is 11 (number of the node 2, counter 4, incarnation 4,
/// belief 1), a rumour 9 (about 2, from 2, incarnation 4, belief 1), the fixed part of a gossip
/// message 3, of a SWIM message 9 (kind 1, sequence 4, origin 2, subject 2), a question about a
/// suspect 3, its answer 11. Real programs name members by address and differ in all of this; the
/// counts of messages do not depend on it.
public struct MembershipFigures: Sendable, Equatable {
  public let detector: Settings.Detector
  /// Sent, whatever became of them.
  public let messages: Int
  public let bytes: Int
  /// Seconds that members ran, added up over all.
  public let memberSeconds: Double
  /// Suspicions of hosts that were up and reachable.
  public let falseSuspicions: Int
  /// The longest that a running host's counter stood still for a node which held it alive: what
  /// `suspect_after` must exceed. Nil with other detectors.
  public let longestSilence: Span?

  public var messagesPerMemberSecond: Double? {
    memberSeconds > 0 ? Double(messages) / memberSeconds : nil
  }

  public var bytesPerMemberSecond: Double? {
    memberSeconds > 0 ? Double(bytes) / memberSeconds : nil
  }

  private static let headers = 28
  static let askBytes = headers + 3
  static let answerBytes = headers + 11
  static func bytes(entries: Int) -> Int { headers + 3 + 11 * entries }
  static func bytes(rumours: Int) -> Int { headers + 9 + 9 * rumours }
}

extension Simulation {
  public var membership: MembershipFigures {
    MembershipFigures(
      detector: settings.membership.detector, messages: membershipMessages, bytes: membershipBytes,
      memberSeconds: Double(census.memberTime(now: now.nanoseconds)) / 1e9,
      falseSuspicions: falseSuspicions,
      longestSilence: settings.membership.detector == .heartbeat
        ? Span(nanoseconds: longestSilence) : nil)
  }

  /// About what a copy of all membership tables takes once the original has gone on, bytes.
  public var membershipTableBytes: Int {
    storageNodes.reduce(0) { $0 + (members[$1.index]?.bytes ?? 0) }
  }
}
