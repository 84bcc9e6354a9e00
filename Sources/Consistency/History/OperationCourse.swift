/// What became of an operation's request in the store, as somebody who sees every host tells it. A
/// history carries it on completions for people and programs; nobody judges by it.
public struct OperationCourse: Equatable, Sendable {
  /// A server that the coordinator asked.
  public struct Asked: Equatable, Sendable {
    public enum Answer: String, Sendable {
      case acknowledged, found
      /// A read: it had no copy.
      case nothing
      case refused
    }
    public var node: String
    /// The home that it stood in for.
    public var standsInFor: String?
    /// False for new homes of data on the move, which count towards neither R nor W.
    public var counts: Bool
    /// Nil where none came, and when it came, ns.
    public var answer: Answer?
    public var answeredAt: Int64?
    /// The version found: by its coordinator's clock, ns, or its place in the log.
    public var stamp: Int64?
    /// It was behind, and was sent the newer version.
    public var isRepaired: Bool

    public init(
      node: String, standsInFor: String?, counts: Bool, answer: Answer?, answeredAt: Int64?,
      stamp: Int64?, isRepaired: Bool
    ) {
      self.node = node
      self.standsInFor = standsInFor
      self.counts = counts
      self.answer = answer
      self.answeredAt = answeredAt
      self.stamp = stamp
      self.isRepaired = isRepaired
    }
  }

  /// A server of a group of which it was known, when the write was acknowledged, that its log holds it.
  public struct Copy: Equatable, Sendable {
    public var node: String
    /// When it was known, ns.
    public var time: Int64

    public init(node: String, time: Int64) {
      self.node = node
      self.time = time
    }
  }

  /// The cache server that it was sent to, and whether that had the object.
  public var cache: String?
  public var isCacheHit = false
  public var coordinator: String?
  /// R or W: how many answers the coordinator waited for.
  public var needed = 0
  public var asked: [Asked] = []
  /// Servers asked beyond those listed.
  public var unlisted = 0
  /// When the coordinator answered, ns; nil where it did not.
  public var repliedAt: Int64?
  public var copies: [Copy] = []
  /// Hints kept for replicas that missed the write.
  public var hints = 0
  /// Older replicas that a read mended.
  public var repairs = 0
  /// Why it failed.
  public var reason: String?

  public init() {}
}
