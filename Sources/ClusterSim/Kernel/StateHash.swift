/// A running 64-bit hash over what happened: two runs of the same inputs print the same.
///
/// Each step is a bijection of the state for a fixed word, so runs that once differ stay different
/// unless a later word happens to undo it (2^-64). It finds differences; it is no defence.
public struct StateHash: Hashable, Sendable {
  private var state: UInt64 = 0x243f_6a88_85a3_08d3

  public init() {}

  /// Takes in one word; the order of words matters.
  @inline(__always)
  public mutating func mix(_ word: UInt64) {
    state = (((state << 26) | (state >> 38)) ^ word) &* 0x9e37_79b9_7f4a_7c15
  }

  /// The hash of everything mixed in so far.
  public var value: UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `value` as 16 lower-case hexadecimal digits.
  public var hex: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
