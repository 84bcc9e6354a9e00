import ClusterSim

/// How unevenly the nodes share the ring, by the Beta distribution of their shares.
enum RingPrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let members = simulation.storageNodes.map { simulation.host($0) }.filter {
      $0.ringRole == .member || $0.ringRole == .leaving
    }
    guard members.count > 1 else { return nil }
    let settings = simulation.settings.ring
    let spread = ShareSpread(members.map(\.ringShare), weights: members.map(\.weight))
    let weight = members.reduce(0) { $0 + $1.weight }
    let predicted =
      settings.scheme == .ring
      ? ShareSpread.expected(weights: members.map(\.weight), virtualNodes: settings.vnodes) : nil
    return Prediction(
      name: "ring_spread", title: "spread of ring shares", unit: .ratio,
      measured: spread.deviation, predicted: predicted,
      formula: "sd of share / mean share = sqrt((n-1) / (n V + 1)) for n equal nodes",
      source:
        "a node's share of T random tokens is Beta(V, T - V); Lamping and Veach 2014, table 1",
      inputs: [
        "\(members.count) nodes, \(weight * settings.vnodes) virtual nodes in all; the largest share "
          + "is \(Decimal.text(spread.largest, places: 2)) of what it should be"
      ],
      assumptions: [
        .init("the scheme is ring (tokens at random places)", settings.scheme == .ring),
        .init("the ring stands still", simulation.movement == nil),
      ],
      caveat:
        "One ring is one draw: with n nodes its spread scatters by about 1 / sqrt(2 (n-1)) of "
        + "itself. Shares of the circle are not shares of requests: popular keys weigh more.")
  }
}
