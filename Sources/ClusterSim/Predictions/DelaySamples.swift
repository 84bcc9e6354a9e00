/// One-way delays between coordinators and replicas as they were: the W, A, R and S of the WARS model
/// (Bailis et al., VLDB 2012, section 4.1), by the locations of both ends. The way of a write ends
/// when it is on the disk and that of a read when it is answered, so waiting and work are in it.
struct DelaySamples {
  enum Leg: Int, CaseIterable { case write, acknowledgement, read, response }

  /// Counts in buckets as wide as an eighth of their power of two.
  struct Histogram {
    private(set) var counts: ContiguousArray<UInt32> = []
    private(set) var total = 0

    /// From 1 us, below which all is one, to 9 min.
    private static var lowest: Int { 10 }
    private static var highest: Int { 39 }
    private static var size: Int { 8 * (highest - lowest) + 1 }

    @inline(__always)
    mutating func record(_ nanoseconds: Int64) {
      if counts.isEmpty { counts = ContiguousArray(repeating: 0, count: Self.size) }
      counts[Self.bucket(nanoseconds)] &+= 1
      total &+= 1
    }

    private static func bucket(_ nanoseconds: Int64) -> Int {
      guard nanoseconds >= 1 << Int64(lowest) else { return 0 }
      let top = 63 - nanoseconds.leadingZeroBitCount
      let step = Int(nanoseconds >> Int64(top - 3)) & 7
      return min(size - 1, 8 * (top - lowest) + step + 1)
    }

    /// The lower end and the width of a bucket, ns.
    private static func range(_ bucket: Int) -> (from: Double, width: Double) {
      if bucket == 0 { return (0, Double(1 << lowest)) }
      let (octave, step) = (bucket - 1).quotientAndRemainder(dividingBy: 8)
      let width = Double(1 << (octave + lowest - 3))
      return (Double(8 + step) * width, width)
    }

    /// The delay in nanoseconds that the part `share` (0 to 1) of all does not exceed; within a bucket
    /// they count as spread evenly. Requires that some were recorded.
    func quantile(_ share: Double) -> Double {
      let rank = share * Double(total)
      var before = 0.0
      for bucket in counts.indices where counts[bucket] > 0 {
        let here = Double(counts[bucket])
        if before + here >= rank {
          let (from, width) = Self.range(bucket)
          return from + width * max(0, (rank - before) / here)
        }
        before += here
      }
      return 0
    }
  }

  /// By leg, then by pair of locations; last the coordinator's own copy.
  private var histograms: ContiguousArray<Histogram> = []
  private var locations = 1

  /// Begins anew for so many locations.
  mutating func restart(locations: Int) {
    self.locations = locations
    let count = Leg.allCases.count * (locations * locations + 1)
    histograms = ContiguousArray(repeating: Histogram(), count: count)
  }

  private func place(_ leg: Leg, _ coordinator: Int, _ replica: Int, isSame: Bool) -> Int {
    let pairs = locations * locations
    return leg.rawValue * (pairs + 1) + (isSame ? pairs : coordinator * locations + replica)
  }

  /// `coordinator` and `replica` are locations; `isSame`: they are one host.
  @inline(__always)
  mutating func record(
    _ leg: Leg, coordinator: Int, replica: Int, isSame: Bool, _ nanoseconds: Int64
  ) {
    histograms[place(leg, coordinator, replica, isSame: isSame)].record(nanoseconds)
  }

  func histogram(_ leg: Leg, coordinator: Int, replica: Int, isSame: Bool) -> Histogram {
    histograms[place(leg, coordinator, replica, isSame: isSame)]
  }

  /// How many delays of one kind were recorded, over all pairs.
  func count(_ leg: Leg) -> Int {
    let pairs = locations * locations + 1
    return histograms[leg.rawValue * pairs..<(leg.rawValue + 1) * pairs].reduce(0) {
      $0 + $1.total
    }
  }
}

extension Simulation {
  /// One in four messages, by chance that is no chance of the cluster's own.
  @inline(__always)
  private var isSampled: Bool { hash.value & 3 == 0 }

  /// A replica is done with its work for a coordination that is still under way. What a read writes
  /// back began later than the read and is left out.
  @inline(__always)
  mutating func sampleWork(_ leg: DelaySamples.Leg, _ message: Message) {
    guard isSampled, coordinations.contains(message.handle),
      !coordinations[message.handle].writesBack
    else { return }
    sample(
      leg, coordinator: message.from, replica: message.to,
      now.nanoseconds - coordinations[message.handle].began)
  }

  /// Its answer arrived; `tag` says when it was sent.
  @inline(__always)
  mutating func sampleAnswer(_ leg: DelaySamples.Leg, _ message: Message) {
    guard isSampled else { return }
    sample(
      leg, coordinator: message.to, replica: message.from,
      now.nanoseconds - Int64(truncatingIfNeeded: message.tag))
  }

  private mutating func sample(
    _ leg: DelaySamples.Leg, coordinator: UInt16, replica: UInt16, _ delay: Int64
  ) {
    delays.record(
      leg, coordinator: Int(hosts[Int(coordinator)].location),
      replica: Int(hosts[Int(replica)].location), isSame: coordinator == replica, delay)
  }
}
