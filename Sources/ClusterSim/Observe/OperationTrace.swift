/// The course of one client operation, as somebody who sees every host would tell it.
public struct OperationTrace: Sendable, BitwiseCopyable {
  public enum Outcome: UInt8, Sendable, BitwiseCopyable { case pending, ok, fail, info }

  /// What a replica that was asked said.
  public enum Answer: Equatable, Sendable {
    case none
    case acknowledged
    /// A read's answer: the version on its disk, or in a hint it holds, by its coordinator's clock,
    /// ns; below zero for no copy.
    case found(Int64)
    case refused
  }

  /// A replica that was asked. Packed: a ring keeps thousands, and every answer touches one.
  public struct Asked: Sendable, BitwiseCopyable {
    private enum Kind: UInt8 { case none, acknowledged, found, refused }
    public internal(set) var node: NodeID
    /// The home that it stands in for; itself where it is one.
    public internal(set) var meantFor: NodeID
    private var kind = Kind.none
    /// Whether its answer counts towards R or W; new homes of data on the move do not.
    public internal(set) var counts: Bool
    /// The coordinator sent it the newer version afterwards.
    public internal(set) var repaired = false
    private var version: Int64 = 0
    /// When its answer reached the coordinator, ns.
    public internal(set) var answeredAt: Int64 = 0

    init(node: NodeID, meantFor: NodeID, counts: Bool) {
      self.node = node
      self.meantFor = meantFor
      self.counts = counts
    }

    public internal(set) var answer: Answer {
      get {
        switch kind {
        case .none: .none
        case .acknowledged: .acknowledged
        case .found: .found(version)
        case .refused: .refused
        }
      }
      set {
        switch newValue {
        case .none: kind = .none
        case .acknowledged: kind = .acknowledged
        case .found(let found):
          kind = .found
          version = found
        case .refused: kind = .refused
        }
      }
    }

    static let nobody = Asked(node: NodeID(0), meantFor: NodeID(0), counts: false)
  }

  /// Counts from 1 in the order of invocation.
  public internal(set) var number: UInt64
  /// What a write wrote, or a read found: the number of the write; 0 is the initial value.
  public internal(set) var value: UInt64
  /// By the clock of the coordinator that took the write, ns; below zero for none.
  public internal(set) var version: Int64 = -1
  public internal(set) var invoked: Int64
  public internal(set) var ended: Int64 = 0
  public internal(set) var coordinatedAt: Int64 = 0
  /// When the coordinator answered; 0 where it has not.
  public internal(set) var repliedAt: Int64 = 0
  /// A stale read: how long the value had been replaced when the read began, ns, and by how many
  /// acknowledged versions.
  public internal(set) var staleBy: Int64 = -1
  public internal(set) var process: UInt32
  public internal(set) var key: UInt32
  public internal(set) var versionsBehind: Int32 = 0
  public internal(set) var hints: Int32 = 0
  public internal(set) var repairs: Int32 = 0
  /// Where the client sent it; nil where it found no server.
  public internal(set) var server: NodeID?
  public internal(set) var coordinator: NodeID?
  public internal(set) var location: UInt8
  /// R or W.
  public internal(set) var needed: UInt8 = 0
  /// How many were asked; of more than `Self.kept` only the first are kept.
  public internal(set) var askedCount: UInt8 = 0
  /// Attempts of the client that failed before the present one.
  public internal(set) var attempt: UInt8 = 0
  /// The place of its last step; -1 for none.
  var lastStep: Int32 = -1
  public internal(set) var outcome = Outcome.pending
  public internal(set) var failure: FailureReason?
  public internal(set) var isRead: Bool
  public internal(set) var isThroughCache = false
  public internal(set) var isCacheHit = false
  var replicas: InlineArray<8, Asked> = InlineArray(repeating: .nobody)

  static let kept = 8

  public var isStale: Bool { staleBy >= 0 }

  /// Whether it failed, was stale, or took longer than `slow`, ns.
  @inline(__always)
  func isNotable(slow: Int64) -> Bool {
    switch outcome {
    case .pending: false
    case .fail, .info: true
    case .ok: isStale || ended - invoked > slow
    }
  }
  public var asked: [Asked] { (0..<min(Int(askedCount), Self.kept)).map { replicas[$0] } }
  /// Nil while it is under way.
  public var latency: Span? {
    outcome == .pending ? nil : Span(nanoseconds: ended - invoked)
  }

  /// Of nothing.
  init() {
    number = 0
    isRead = false
    location = 0
    process = 0
    key = 0
    value = 0
    invoked = 0
  }

  /// Begins the trace of another operation in the same place. What it knew of replicas stays where
  /// it is: `askedCount` says how many of them count, and asking writes them anew.
  @inline(__always)
  mutating func begin(_ operation: Operation, number: UInt64) {
    self.number = number
    value = operation.value
    version = -1
    invoked = operation.invoked
    ended = 0
    coordinatedAt = 0
    repliedAt = 0
    staleBy = -1
    process = operation.process
    key = operation.key
    versionsBehind = 0
    hints = 0
    repairs = 0
    server = nil
    coordinator = nil
    location = operation.location
    needed = 0
    askedCount = 0
    attempt = 0
    lastStep = -1
    outcome = .pending
    failure = nil
    isRead = operation.kind == .read
    isThroughCache = false
    isCacheHit = false
  }
}
