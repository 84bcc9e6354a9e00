/// What one web server has counted. The host's `ServicePool` holds its workers and its line.
struct WebServer {
  let host: NodeID
  let location: UInt16
  /// Its place at the location's balancer.
  let place: Int

  // Requests that came, and what became of those that are over.
  private(set) var requests = 0
  private(set) var refused = 0
  private(set) var answered = 0
  private(set) var failed = 0
  /// Gone with a process that was killed.
  private(set) var lost = 0

  /// Requests here now: in line, with a worker, and of those the ones being worked on rather than
  /// waiting for cache or store.
  private(set) var present = 0
  private(set) var held = 0
  private(set) var working = 0
  /// The same times time, request x ns, until `countedTo`.
  private var presentTime: Int64 = 0
  private var heldTime: Int64 = 0
  private var workingTime: Int64 = 0
  private var countedTo: Int64 = 0

  /// In line, and from coming to answering, of requests that were not refused.
  private(set) var waits = LatencyHistogram()
  private(set) var responses = LatencyHistogram()
  /// The same of answers since the last sample.
  private var recent = LatencyHistogram()
  private(set) var lastRate = 0.0
  private(set) var lastP99: Int64?

  /// At the beginning of the present stretch (see `Stretch`).
  private var stretch = (from: Int64(0), heldTime: Int64(0), begun: 0, waited: UInt128(0))
  private var begun = 0
  private var waited = UInt128(0)

  init(host: NodeID, location: Int, place: Int) {
    self.host = host
    self.location = UInt16(location)
    self.place = place
  }

  private mutating func count(to now: Int64) {
    let span = now - countedTo
    presentTime &+= Int64(present) &* span
    heldTime &+= Int64(held) &* span
    workingTime &+= Int64(working) &* span
    countedTo = now
  }

  // MARK: The way of a request

  mutating func refuse() {
    requests += 1
    refused += 1
  }

  mutating func come(at now: Int64) {
    count(to: now)
    requests += 1
    present += 1
  }

  /// A worker takes it up.
  mutating func begin(waited wait: Int64, at now: Int64) {
    count(to: now)
    held += 1
    working += 1
    begun += 1
    waited += UInt128(wait)
    waits.record(wait)
  }

  /// Worked on: what follows is waiting for others.
  mutating func passOn(at now: Int64) {
    count(to: now)
    working -= 1
  }

  /// It leaves with its worker free again.
  mutating func end(stayed: Int64, ok: Bool, at now: Int64) {
    count(to: now)
    present -= 1
    held -= 1
    if ok { answered += 1 } else { failed += 1 }
    responses.record(stayed)
    recent.record(stayed)
  }

  /// The process dies with every request in it.
  mutating func die(at now: Int64) {
    count(to: now)
    lost += present
    present = 0
    held = 0
    working = 0
  }

  mutating func sample(_ period: Span) {
    lastRate = Double(recent.count) / period.seconds
    lastP99 = recent.quantile(0.99)
    recent.reset()
  }

  // MARK: What was measured

  /// Mean numbers over the whole run: in line or with a worker, with a worker, being worked on.
  func means(until now: Int64) -> (present: Double, held: Double, working: Double) {
    guard now > 0 else { return (0, 0, 0) }
    let rest = now - countedTo
    func mean(_ time: Int64, _ count: Int) -> Double {
      Double(time + Int64(count) * rest) / Double(now)
    }
    return (mean(presentTime, present), mean(heldTime, held), mean(workingTime, working))
  }

  mutating func beginStretch(at now: Int64) {
    count(to: now)
    stretch = (now, heldTime, begun, waited)
  }

  /// The line in front of the workers since the stretch began; what holds a worker is its service.
  /// Nil where nothing began.
  func line(until now: Int64, servers: Int) -> LineView? {
    let (jobs, length) = (begun - stretch.begun, now - stretch.from)
    guard jobs > 0, length > 0 else { return nil }
    let held = heldTime + Int64(held) * (now - countedTo) - stretch.heldTime
    return LineView(
      rate: Double(jobs) / Double(length) * 1e9, service: Double(held) / Double(jobs) / 1e6,
      wait: Double(waited - stretch.waited) / Double(jobs) / 1e6, servers: servers)
  }
}

/// A request at a web server, from coming to answering.
struct WebCall {
  let web: UInt16
  /// Whom to answer, and by which of its handles.
  let balancer: UInt16
  let forward: UInt64
  /// The client's operation, for those who look on from outside.
  let operation: UInt64
  let isRead: Bool
  let key: UInt32
  let entry: Versioned
  let came: Int64
  var began: Int64 = 0
  /// The cache server or coordinator that it went to; cache-aside: where it was missing before.
  var askedAt = UInt16.max
  var missedAt = UInt16.max
  /// The one of several cache servers that has not answered yet; `.max` for none.
  var openAt = UInt16.max
}
