/// Counts of latencies in buckets as wide as 1/64 of their power of two (HdrHistogram's layout).
///
/// From 1 us to 9 min a quantile is off by at most 0.8 %, half a bucket; below 1 us by 8 ns; above
/// 9 min everything counts as the largest seen. Nothing is allocated before the first record.
public struct LatencyHistogram: Equatable, Sendable {
  private var counts: ContiguousArray<UInt32> = []
  private var total: UInt64 = 0
  private var sum: UInt128 = 0
  private var least: Int64 = .max
  private var greatest: Int64 = 0

  /// Below 2^10 ns one linear group of 64 buckets, then one group a power of two up to 2^39 ns.
  private static var linearBits: Int { 10 }
  private static var lastBit: Int { 38 }
  private static var bucketCount: Int { 64 * (lastBit - linearBits + 2) }

  public init() {}

  /// How many latencies were recorded.
  public var count: Int { Int(total) }

  public var isEmpty: Bool { total == 0 }

  /// The largest latency in nanoseconds, exactly; nil when empty.
  public var max: Int64? { isEmpty ? nil : greatest }

  /// The smallest latency in nanoseconds, exactly; nil when empty.
  public var min: Int64? { isEmpty ? nil : least }

  /// The mean in nanoseconds, of the exact values; nil when empty.
  public var mean: Double? { isEmpty ? nil : Double(sum) / Double(total) }

  /// Counts one latency in nanoseconds; a negative one is an error of the caller.
  @inline(__always)
  public mutating func record(_ nanoseconds: Int64) {
    precondition(nanoseconds >= 0)
    if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Self.bucketCount) }
    let bucket = Self.bucket(nanoseconds)
    // A bucket that is full stays full: after 4 x 10^9 records a quantile does not notice.
    counts[bucket] &+= counts[bucket] == .max ? 0 : 1
    total &+= 1
    sum &+= UInt128(UInt64(bitPattern: nanoseconds))
    least = Swift.min(least, nanoseconds)
    greatest = Swift.max(greatest, nanoseconds)
  }

  /// The latency in nanoseconds that the part `q` (0...1) of all records does not exceed, by
  /// nearest rank: the value at rank ceil(q count) of the sorted records. Nil when empty.
  public func quantile(_ q: Double) -> Int64? {
    precondition(q >= 0 && q <= 1)
    if isEmpty { return nil }
    let rank = Swift.max(1, UInt64((q * Double(total)).rounded(.up)))
    if rank >= total { return greatest }
    var seen: UInt64 = 0
    for bucket in counts.indices {
      seen += UInt64(counts[bucket])
      if seen >= rank {
        return Swift.min(Swift.max(Self.middle(bucket), least), greatest)
      }
    }
    return greatest
  }

  /// Counts everything the other has counted.
  public mutating func merge(_ other: LatencyHistogram) {
    if other.isEmpty { return }
    if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Self.bucketCount) }
    for bucket in counts.indices {
      let (both, full) = counts[bucket].addingReportingOverflow(other.counts[bucket])
      counts[bucket] = full ? .max : both
    }
    total &+= other.total
    sum &+= other.sum
    least = Swift.min(least, other.least)
    greatest = Swift.max(greatest, other.greatest)
  }

  /// Forgets everything; the memory is given back.
  public mutating func reset() {
    self = LatencyHistogram()
  }

  @inline(__always)
  private static func bucket(_ nanoseconds: Int64) -> Int {
    let value = UInt64(bitPattern: nanoseconds)
    if value < 1 << UInt64(linearBits) { return Int(truncatingIfNeeded: value >> 4) }
    let top = 63 &- value.leadingZeroBitCount
    let group = top &- linearBits &+ 1
    let step = Int(truncatingIfNeeded: value >> UInt64(truncatingIfNeeded: top &- 6)) & 63
    return Swift.min(group &* 64 &+ step, bucketCount &- 1)
  }

  /// The middle of a bucket in nanoseconds.
  private static func middle(_ bucket: Int) -> Int64 {
    let (group, step) = bucket.quotientAndRemainder(dividingBy: 64)
    if group == 0 { return Int64(step * 16 + 8) }
    let width = Int64(1) << Int64(linearBits + group - 1 - 6)
    return Int64(64 + step) * width + width / 2
  }
}
