extension Simulation {
  /// The share of requests for which a level by location finds enough replicas running, where those of
  /// each location run with probability `up`, independently: the binomial of each location that the
  /// level asks, over the popular keys' homes and the clients' locations by weight. Nil for a level
  /// that goes by number, and where the ring has no keys.
  ///
  /// - Parameter up: by location, 0 to 1.
  public func levelAvailability(
    _ level: Settings.Level, up: [Double],
    binomial: (_ needed: Int, _ n: Int, _ up: Double) -> Double
  ) -> Double? {
    guard level.goesByLocation else { return nil }
    let whole = clients.reduce(0) { $0 + $1.weight }
    var weights = 0.0
    var sum = 0.0
    for key in 0..<min(sampler.count, Self.levelKeys) {
      var homes = [Int](repeating: 0, count: clients.count)
      for home in homeNodes(of: UInt32(key)) { homes[Int(hosts[home.index].location)] += 1 }
      let parts = homes.indices.map { location in
        homes[location] == 0
          ? 1 : binomial(homes[location] / 2 + 1, homes[location], up[location])
      }
      let answered: Double =
        switch level {
        case .eachQuorum: parts.reduce(1, *)
        case .localQuorum, .count, .one, .quorum, .all:
          clients.indices.reduce(0) {
            $0 + (homes[$1] == 0 ? 0 : parts[$1]) * clients[$1].weight / whole
          }
        }
      let weight = sampler.probability(of: key)
      weights += weight
      sum += weight * answered
    }
    return weights == 0 ? nil : sum / weights
  }

  /// Keys whose homes are looked at: the most popular.
  private static var levelKeys: Int { 2000 }
}
