/// What the trials of a forecast draw: delays of the right leg and pair of locations, as measured.
struct ForecastDraws {
  var stream: RandomStream
  /// By leg, then pair of locations: the delay, ns, at evenly spread shares; empty where none was.
  private var tables: [[Double]] = []
  private let pairs: Int
  private let locations: Int
  /// Writes per nanosecond of all keys together.
  let writeRate: Double
  private static let steps = 2048

  init(_ simulation: Simulation) {
    stream = RandomStream(
      seed: simulation.configuration.seed, purpose: StreamPurpose.forecast.rawValue)
    locations = simulation.clients.count
    pairs = locations * locations + 1
    let workload = simulation.settings.workload
    writeRate = workload.rate * simulation.burst * (1 - workload.readShare) / 1e9
    for leg in DelaySamples.Leg.allCases {
      for pair in 0..<pairs {
        let histogram = simulation.delays.histogram(
          leg, coordinator: pair / locations % locations, replica: pair % locations,
          isSame: pair == pairs - 1)
        tables.append(
          histogram.total == 0
            ? []
            : (0..<Self.steps).map {
              histogram.quantile((Double($0) + 0.5) / Double(Self.steps))
            })
      }
    }
  }

  /// Over all pairs that were measured, ms.
  func mean(_ leg: DelaySamples.Leg) -> Double {
    let known = tables[leg.rawValue * pairs..<(leg.rawValue + 1) * pairs].filter { !$0.isEmpty }
    let sum = known.reduce(0) { $0 + $1.reduce(0, +) / Double(Self.steps) }
    return sum / Double(max(1, known.count)) / 1e6
  }

  mutating func delay(
    _ leg: DelaySamples.Leg, _ coordinator: NodeID, _ home: NodeID, _ simulation: Simulation
  ) -> Double {
    let pair =
      coordinator == home
      ? pairs - 1
      : Int(simulation.hosts[coordinator.index].location) * locations
        + Int(simulation.hosts[home.index].location)
    let table = tables[leg.rawValue * pairs + pair]
    return table.isEmpty ? 0 : table[stream.below(table.count)]
  }

  /// A client's location by weight, and a coordinator that its clients use.
  mutating func coordinator(_ simulation: Simulation) -> (Int, NodeID) {
    var left = stream.unit() * simulation.clients.reduce(0) { $0 + $1.weight }
    var location = 0
    for index in simulation.clients.indices {
      location = index
      left -= simulation.clients[index].weight
      if left < 0 { break }
    }
    let coordinators = simulation.clients[location].coordinators
    return (location, NodeID(coordinators[stream.below(coordinators.count)]))
  }

  /// One way between clients and a coordinator, by the links' settings, ns.
  mutating func clientDelay(
    _ location: Int, _ coordinator: NodeID, _ simulation: Simulation
  ) -> Double {
    let network = simulation.settings.network
    return Int(simulation.hosts[coordinator.index].location) == location
      ? Double(network.local.nanoseconds + network.localJitter.sample(&stream))
      : Double(network.between.nanoseconds + network.betweenJitter.sample(&stream))
  }

  /// Which of the homes are asked.
  mutating func asked(_ targets: Settings.Targets, _ count: Int, of n: Int) -> [Int] {
    var places = Array(0..<n)
    switch targets {
    case .all: return places
    case .quorum:
      stream.shuffle(&places)
      return Array(places.prefix(count))
    }
  }
}
