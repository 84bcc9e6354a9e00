/// A location's load balancer: whom it may send to, what it believes of them, what is unanswered.
/// All of it is memory: a balancer that starts again holds everybody healthy.
struct Balancer {
  let host: NodeID
  /// By place.
  private(set) var servers: ContiguousArray<BalancedServer>
  var pool: BalancerPool
  /// The number of the last round of probes; 0 for none.
  private(set) var round: UInt32 = 0

  // Since the start of the run.
  private(set) var forwarded = 0
  private(set) var answered = 0
  /// Requests that a web server never answered.
  private(set) var unanswered = 0
  /// Requests turned away because no server was held healthy.
  private(set) var turnedAway = 0

  init(host: NodeID, servers: [NodeID]) {
    self.host = host
    self.servers = ContiguousArray(servers.map { BalancedServer(host: $0) })
    pool = BalancerPool(servers: servers.count)
  }

  // MARK: Requests

  mutating func forward(to place: Int) {
    forwarded += 1
    pool.begin(place)
    servers[place].forwarded += 1
    servers[place].sinceAnswer += 1
  }

  mutating func hear(from place: Int) {
    answered += 1
    pool.end(place)
    servers[place].sinceAnswer = 0
  }

  /// Nobody waits for the answer any more.
  mutating func giveUp(on place: Int) {
    unanswered += 1
    servers[place].unanswered += 1
    pool.end(place)
  }

  mutating func turnAway() { turnedAway += 1 }

  // MARK: Health checks

  mutating func beginRound() -> UInt32 {
    round += 1
    return round
  }

  /// A probe was answered in time. True where the server is used again because of it.
  mutating func pass(_ place: Int, round: UInt32, needed: Int) -> Bool {
    servers[place].sinceAnswer = 0
    guard round > servers[place].judged else { return false }
    servers[place].judged = round
    servers[place].failures = 0
    servers[place].passes += 1
    guard !servers[place].isHealthy, servers[place].passes >= needed else { return false }
    servers[place].isHealthy = true
    pool.use(place)
    return true
  }

  /// The time of a round is over: true where a server is left out because it has not answered.
  mutating func fail(_ place: Int, round: UInt32, needed: Int) -> Bool {
    guard round > servers[place].judged else { return false }
    servers[place].judged = round
    servers[place].passes = 0
    servers[place].failures += 1
    servers[place].checksFailed += 1
    guard servers[place].isHealthy, servers[place].failures >= needed else { return false }
    servers[place].isHealthy = false
    servers[place].leftOut += 1
    pool.leaveOut(place)
    return true
  }

  /// Whom it held dead it holds healthy again: checks ended, or it starts anew.
  mutating func forget() {
    for place in servers.indices {
      servers[place].passes = 0
      servers[place].failures = 0
      servers[place].judged = round
      if !servers[place].isHealthy { pool.use(place) }
      servers[place].isHealthy = true
    }
  }

  /// The process dies: what was unanswered is nobody's any more.
  mutating func die() {
    unanswered += pool.open.reduce(0, +)
    for place in servers.indices {
      servers[place].unanswered += pool.open[place]
      servers[place].isHealthy = true
      servers[place].sinceAnswer = 0
    }
    pool = BalancerPool(servers: servers.count)
    forget()
  }
}

/// A web server as its balancer sees it.
struct BalancedServer {
  let host: NodeID
  var isHealthy = true
  /// Probes in a row.
  var passes = 0
  var failures = 0
  /// The last round that has an outcome.
  var judged: UInt32 = 0
  /// Requests since it last answered anything, a probe or a request.
  var sinceAnswer = 0

  // Since the start of the run.
  var forwarded = 0
  var unanswered = 0
  var checksFailed = 0
  var leftOut = 0
}

/// A request that a balancer has sent on and holds open.
struct Forward {
  let operation: UInt64
  let client: UInt16
  let location: UInt16
  let place: UInt16
}

/// Every balancer and web server, and the requests between them.
struct WebTier {
  /// By location; empty where there is no such tier.
  var balancers: ContiguousArray<Balancer> = []
  /// In the order of `Simulation.webServers`.
  var servers: ContiguousArray<WebServer> = []
  var forwards = ExclusiveSlab<Forward>()
  var forwardDeadlines = DeadlineQueue()
  var calls = ExclusiveSlab<WebCall>()
  var callDeadlines = DeadlineQueue()
  var stream: RandomStream
  /// Workers are being given to who waits.
  var isStarting = false

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: StreamPurpose.balancing.rawValue)
  }

  mutating func makeUnique() {
    forwards.makeUnique()
    calls.makeUnique()
  }
}
