/// The number of a host: storage nodes, caches, balancers and clients alike.
public struct NodeID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt16

  @inline(__always)
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  @inline(__always)
  public init(_ rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// For arrays held by node.
  @inline(__always)
  public var index: Int { Int(rawValue) }

  @inline(__always)
  public static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }
}
