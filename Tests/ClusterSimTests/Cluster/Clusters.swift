@testable import ClusterSim

/// Clusters and ways through time that several tests share.
enum Clusters {
  /// `east` nodes n1…, then `west` nodes, in two locations; settings by path.
  static func two(
    east: Int, west: Int, seed: UInt64 = 1, _ settings: [(String, String)] = []
  ) throws -> Simulation {
    var changed = Settings()
    for (path, value) in settings { try changed.set(path, to: value) }
    let nodes = (1...(east + west)).map {
      ClusterConfiguration.Node(name: "n\($0)", location: $0 <= east ? "east" : "west")
    }
    return try Simulation(
      ClusterConfiguration(
        name: "test", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
        nodes: nodes, settings: changed))
  }
}

extension Simulation {
  mutating func run(seconds: Double) { run(until: now + .seconds(seconds)) }

  /// A write through n1, and a second later one through n2, whose clock is two seconds behind.
  mutating func overwriteByASlowClock(_ key: String) throws {
    try inject(.skew(host: "n2", offset: .zero - .seconds(2), drift: 0))
    try inject(.write(key: key, via: "n1"))
    run(seconds: 1)
    try inject(.write(key: key, via: "n2"))
    run(seconds: 1)
  }

  func id(_ name: String) -> NodeID { hostID(named: name)! }

  /// Every pair of running members holds each other alive.
  var everyoneIsAlive: Bool {
    storageNodes.allSatisfy { observer in
      storageNodes.allSatisfy { subject in
        guard host(observer).state == .up, host(subject).state == .up else { return true }
        return observer == subject || belief(of: observer, about: subject)?.belief == .alive
      }
    }
  }

  /// Sent, delivered, lost and in flight add up, and the last is what is really under way.
  var messagesAddUp: Bool {
    let counts = messageCounts
    return counts.sent == counts.delivered + counts.lost + counts.inFlight
      && counts.inFlight == countMessagesInFlight()
  }
}
