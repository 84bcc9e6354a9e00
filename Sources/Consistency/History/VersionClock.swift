/// What a version of a store with vector clocks knows: of each node all writes up to a number, and
/// single ones beyond a gap. One version is older than another, or the same, if that knows all it does.
///
/// As text `n1=4 n2=7 n2+9`: the writes of n1 up to 4, those of n2 up to 7, and its ninth.
public struct VersionClock: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public var node: String
    public var number: Int64
    /// One write alone, not all up to it.
    public var isSingle: Bool

    public init(node: String, number: Int64, isSingle: Bool) {
      self.node = node
      self.number = number
      self.isSingle = isSingle
    }
  }

  public private(set) var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// Nil for a text of another form.
  public init?(text: String) {
    entries = []
    for part in text.utf8.split(separator: UInt8(ascii: " ")) {
      guard
        let sign = part.lastIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "+") }),
        sign > part.startIndex,
        let node = String(part[..<sign]), !node.contains("="),
        let digits = String(part[part.index(after: sign)...]),
        let number = Int64(digits), number > 0
      else { return nil }
      entries.append(Entry(node: node, number: number, isSingle: part[sign] == UInt8(ascii: "+")))
    }
  }

  public var text: String {
    entries.map { "\($0.node)\($0.isSingle ? "+" : "=")\($0.number)" }.joined(separator: " ")
  }

  private func knows(_ node: String, _ number: Int64) -> Bool {
    entries.contains {
      $0.node == node && ($0.isSingle ? $0.number == number : $0.number >= number)
    }
  }

  /// Whether it knows all that the other does.
  public func covers(_ other: VersionClock) -> Bool {
    other.entries.allSatisfy { known in
      knows(known.node, known.number)
        && (known.isSingle || upTo(known.node) >= known.number)
    }
  }

  /// The number up to which every write of the node is known.
  private func upTo(_ node: String) -> Int64 {
    entries.reduce(0) { $1.node == node && !$1.isSingle ? max($0, $1.number) : $0 }
  }

  /// Knows afterwards what either did.
  public mutating func merge(_ other: VersionClock) {
    for known in other.entries {
      if known.isSingle {
        if !knows(known.node, known.number) { entries.append(known) }
      } else if upTo(known.node) < known.number {
        entries.removeAll { $0.node == known.node && $0.number <= known.number }
        entries.append(known)
      }
    }
  }
}
