/// The newest samples of a figure, as many as its capacity; older ones are overwritten.
/// NaN stands for an interval without a figure (no operation, so no latency).
public struct TimeSeries: Sendable {
  /// The most samples that are kept.
  public let capacity: Int
  private var samples: ContiguousArray<Double> = []
  /// Where the next sample goes once the ring is full.
  private var oldest = 0
  /// How many samples were ever appended.
  public private(set) var appended = 0

  /// - Parameter capacity: at least 1.
  public init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
  }

  /// How many samples are kept now.
  public var count: Int { samples.count }

  public var isEmpty: Bool { samples.isEmpty }

  /// The newest sample, or NaN when there is none.
  public var newest: Double { isEmpty ? .nan : self[0] }

  public mutating func append(_ sample: Double) {
    appended += 1
    if samples.count < capacity {
      samples.append(sample)
    } else {
      samples[oldest] = sample
      oldest = oldest + 1 == capacity ? 0 : oldest + 1
    }
  }

  /// The sample of so many intervals ago: 0 is the newest, `count` - 1 the oldest kept.
  public subscript(ago: Int) -> Double {
    precondition(ago >= 0 && ago < samples.count)
    let index = oldest + samples.count - 1 - ago
    return samples[index < samples.count ? index : index - samples.count]
  }

  /// The newest `length` samples, oldest first; fewer where fewer are kept.
  public func last(_ length: Int) -> [Double] {
    let kept = min(max(length, 0), samples.count)
    return (0..<kept).map { self[kept - 1 - $0] }
  }

  /// Forgets all samples.
  public mutating func removeAll() {
    samples.removeAll(keepingCapacity: true)
    oldest = 0
    appended = 0
  }
}

extension TimeSeries: Equatable {
  /// Equal where the same samples are kept; NaN equals NaN here, since it says "no figure".
  public static func == (left: TimeSeries, right: TimeSeries) -> Bool {
    left.capacity == right.capacity && left.count == right.count
      && (0..<left.count).allSatisfy { left[$0].bitPattern == right[$0].bitPattern }
  }
}
