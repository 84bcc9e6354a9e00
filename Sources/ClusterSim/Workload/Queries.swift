/// A query under way: it reads several keys at once and is done when the last of them is.
struct Query {
  let invoked: Int64
  /// Its reads: operations like any other.
  var parts: ContiguousArray<UInt64> = []
  var waiting = 0
  var failed = 0
  /// Messages between hosts that it took so far.
  var hops = 0
  /// Groups that it reads from; 0 with an engine without groups.
  var groups = 0
}

/// What queries got. A query is answered where every part was.
public struct QueryFigures: Sendable, Equatable {
  public internal(set) var begun = 0
  public internal(set) var ok = 0
  public internal(set) var failed = 0
  /// Parts of the queries that have ended, and those of them that were answered.
  public internal(set) var parts = 0
  public internal(set) var partsOk = 0
  /// Of answered queries: messages between hosts, and groups asked.
  public internal(set) var hops = 0
  public internal(set) var groups = 0
  public internal(set) var latency = LatencyHistogram()
  /// Of the answered parts.
  public internal(set) var partLatency = LatencyHistogram()

  public var availability: Double? { ok + failed == 0 ? nil : Double(ok) / Double(ok + failed) }
  public var partAvailability: Double? { parts == 0 ? nil : Double(partsOk) / Double(parts) }
  /// Parts a query, of those that have ended.
  public var width: Double? { ok + failed == 0 ? nil : Double(parts) / Double(ok + failed) }

  /// The part `q` of queries that would take no longer than this, ns, if every part were as fast as any
  /// read by chance alone: the last of K is slower than t with probability 1 - (1 - p)^K, where a
  /// single one is with p (Dean and Barroso, "The Tail at Scale", CACM 2013).
  public func independentLatency(_ q: Double) -> Int64? {
    guard let width else { return nil }
    return partLatency.quantile(Elementary.power(q, 1 / width))
  }

  /// The availability of queries if parts failed independently: a^K.
  public var independentAvailability: Double? {
    guard let width, let part = partAvailability else { return nil }
    return part == 0 ? 0 : Elementary.power(part, width)
  }
}

/// Availability of a family's keys.
public struct FamilyFigures: Sendable, Equatable {
  public internal(set) var operations = 0
  public internal(set) var ok = 0
  /// The same since faults last began or ended.
  public internal(set) var phaseOperations = 0
  public internal(set) var phaseOk = 0
  var phase: UInt32 = 0

  public var availability: Double? { operations == 0 ? nil : Double(ok) / Double(operations) }
  public var phaseAvailability: Double? {
    phaseOperations == 0 ? nil : Double(phaseOk) / Double(phaseOperations)
  }

  mutating func count(ok isOk: Bool, phase operationPhase: UInt32) {
    operations += 1
    ok += isOk ? 1 : 0
    if operationPhase > phase {
      phase = operationPhase
      phaseOperations = 0
      phaseOk = 0
    }
    if operationPhase == phase {
      phaseOperations += 1
      phaseOk += isOk ? 1 : 0
    }
  }
}

/// Queries under way, and what clients got of them and of each family of keys.
struct Queries {
  var underWay = PayloadSlab<Query>()
  var stream: RandomStream
  /// One a family, or one over all keys.
  var samplers: [KeySampler] = []
  var figures = QueryFigures()
  var families = [FamilyFigures](repeating: FamilyFigures(), count: KeyFamily.allCases.count)

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: StreamPurpose.queries.rawValue)
  }

  /// A place among a family's keys, or among all.
  mutating func drawPlace(ofFamily family: Int) -> Int { samplers[family].draw(&stream) }

  /// The keys of a query, all different: with families a user, an order and then products, like the
  /// page of an order.
  mutating func drawKeys(_ count: Int) -> ContiguousArray<UInt32> {
    var drawn: ContiguousArray<UInt32> = []
    let families = samplers.count
    for part in 0..<count {
      let family = min(part, families - 1)
      let own = samplers[family].count
      var place = samplers[family].draw(&stream)
      for _ in 0..<own {
        let key = UInt32(place * families + family)
        if !drawn.contains(key) {
          drawn.append(key)
          break
        }
        place = (place + 1) % own
      }
    }
    return drawn
  }
}
