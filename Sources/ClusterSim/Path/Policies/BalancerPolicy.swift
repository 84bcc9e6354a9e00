/// How a load balancer chooses among the web servers that it holds healthy.
///
/// A new policy is a file that implements `BalancerRule`, a case here, and its line in `rule`, which
/// the compiler asks for; setting, help and tests follow.
public enum BalancerPolicy: String, CaseIterable, Sendable {
  case roundRobin = "round-robin"
  case random
  case leastConnections = "least-connections"
  case twoChoices = "two-choices"
  case hash

  var rule: any BalancerRule.Type {
    switch self {
    case .roundRobin: RoundRobin.self
    case .random: RandomChoice.self
    case .leastConnections: LeastConnections.self
    case .twoChoices: TwoChoices.self
    case .hash: ClientHash.self
    }
  }

  /// One line for the screen.
  public var meaning: String { rule.meaning }
}

protocol BalancerRule {
  /// One line for the screen.
  static var meaning: String { get }

  /// The place of the server that gets the next request.
  ///
  /// - Parameters:
  ///   - pool: at least one server is healthy.
  ///   - client: who asks.
  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int
}

/// What a balancer knows of its servers when it chooses, by their places.
struct BalancerPool {
  /// Places of the servers that are held healthy, ascending.
  private(set) var healthy: ContiguousArray<Int>
  /// Requests sent to each and not answered yet.
  private(set) var open: ContiguousArray<Int>
  /// The place chosen last by a policy that takes turns.
  var last = -1

  init(servers: Int) {
    healthy = ContiguousArray(0..<servers)
    open = ContiguousArray(repeating: 0, count: servers)
  }

  mutating func begin(_ place: Int) { open[place] += 1 }
  mutating func end(_ place: Int) { open[place] -= 1 }

  mutating func use(_ place: Int) {
    healthy.insert(place, at: healthy.firstIndex { $0 > place } ?? healthy.count)
  }

  mutating func leaveOut(_ place: Int) { healthy.removeAll { $0 == place } }

  /// The next healthy place after the last one, round and round.
  mutating func nextInTurn() -> Int {
    last = healthy.first { $0 > last } ?? healthy[0]
    return last
  }
}
