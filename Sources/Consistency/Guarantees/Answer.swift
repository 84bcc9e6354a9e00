/// What a check found out.
public enum Answer: String, Equatable, Sendable {
  case yes, no, unknown

  /// Both must hold: one `no` decides, one `unknown` leaves it open.
  static func && (left: Answer, right: Answer) -> Answer {
    if left == .no || right == .no { return .no }
    return left == .yes && right == .yes ? .yes : .unknown
  }
}

/// What one client may rely on (Terry et al., PDIS 1994), judged for each key by itself.
public enum SessionGuarantee: String, CaseIterable, Sendable {
  /// A read sees the process' own earlier writes, or newer ones.
  case readYourWrites = "read_your_writes"
  /// A later read of a process never sees an older version.
  case monotonicReads = "monotonic_reads"
  /// A later write of a process is a newer version.
  case monotonicWrites = "monotonic_writes"
  /// A write of a process is a newer version than what it read before.
  case writesFollowReads = "writes_follow_reads"

  public var title: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }
}
