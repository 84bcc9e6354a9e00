/// A process on a machine of its own: what it holds in memory is lost at a kill, its disk stays.
struct Host {
  let name: String
  let kind: HostKind
  let location: UInt16
  /// Counted from 1 over all locations; 0 for none.
  var zone: UInt16 = 0
  var weight: Int
  /// A cache server's place among all cache servers.
  var cacheIndex = 0
  /// A web server's place among all web servers.
  var webIndex = 0
  var state = HostState.up
  var ringRole: RingRole
  /// Its keys are handed over and the ring goes on without it, but hints of its own are still to be
  /// delivered.
  var isDrained = false
  /// Rises at every start; timers of an earlier life are void.
  var epoch: UInt32 = 0
  /// Service times are multiplied by it.
  var slowFactor = 1
  /// Heartbeats and pings go on, requests are never worked on.
  var gray = false
  var clock = HostClock()
  /// Service times of this host.
  var stream: RandomStream

  /// Replica requests (a cache server: gets) and requests being coordinated.
  var workers = ServicePool()
  var coordinators = ServicePool()
  /// What arrived or fell due while the host was frozen.
  var inbox = Fifo<Event>()

  // On disk.
  var store = ReplicaStore()
  var hints = HintStore()
  /// What of the store a kill would undo; empty where `storage.fsync` is on.
  var unsynced = UnsyncedWrites()
  var writes = WriteCounters()
  /// Highest incarnation ever used, so that a restart comes back with a higher one.
  var incarnation: UInt32 = 1
  /// Last version time given out: a coordinator never gives the same twice.
  var lastVersionTime: Int64 = 0

  var messagesIn = 0
  var messagesOut = 0
  /// Reads and writes it served as a replica.
  var readsServed = 0
  var writesServed = 0
  /// As of the last sample, and between the last two, per second.
  var servedBefore = 0
  var lastServed = 0.0
  /// A wake-up to replay hints is in the event queue.
  var hintDrainArmed = false
  /// Requests coordinated and answered since the last sample, and their times.
  var coordinated = 0
  var coordinationTimes = LatencyHistogram()
  var lastRate = 0.0
  var lastP99: Int64?

  init(
    name: String, kind: HostKind, location: Int, weight: Int, ringRole: RingRole,
    stream: RandomStream
  ) {
    self.name = name
    self.kind = kind
    self.location = UInt16(location)
    self.weight = weight
    self.ringRole = ringRole
    self.stream = stream
  }

  var isRunning: Bool { state == .up }
}

/// Servers over one line of waiting requests, each named by its message handle.
struct ServicePool {
  var busy = 0
  var waiting = Fifo<UInt64>()
  /// Jobs that began and their service times, ns, since `beginCount`.
  private(set) var begun = 0
  private(set) var worked: Int64 = 0
  /// Length of the line times time, job x ns, until `waitedTo`.
  private var waited: Int64 = 0
  private var waitedTo: Int64 = 0

  /// Takes a free server; false where all `servers` are busy.
  @inline(__always)
  mutating func occupy(of servers: Int) -> Bool {
    guard busy < servers else { return false }
    busy += 1
    return true
  }

  /// Frees a server and says who is next.
  @inline(__always)
  mutating func release(at now: Int64) -> UInt64? {
    busy -= 1
    return takeWaiting(at: now)
  }

  /// Takes the first out of the line.
  @inline(__always)
  mutating func takeWaiting(at now: Int64) -> UInt64? {
    if waiting.isEmpty { return nil }
    countWait(until: now)
    return waiting.popFirst()
  }

  mutating func wait(_ handle: UInt64, at now: Int64) {
    countWait(until: now)
    waiting.append(handle)
  }

  private mutating func countWait(until now: Int64) {
    waited &+= Int64(waiting.count) &* (now - waitedTo)
    waitedTo = now
  }

  func waited(until now: Int64) -> Int64 { waited + Int64(waiting.count) * (now - waitedTo) }

  /// A job begins that takes so long, ns.
  @inline(__always)
  mutating func begin(_ service: Int64) {
    begun &+= 1
    worked &+= service
  }

  /// Counts from now on.
  mutating func beginCount(at now: Int64) {
    begun = 0
    worked = 0
    waited = 0
    waitedTo = now
  }

  mutating func clear() {
    busy = 0
    waiting.removeAll()
  }
}

/// A host's own clock: true time, an offset and a drift since some moment.
struct HostClock {
  /// Nanoseconds ahead of true time.
  var offset: Int64 = 0
  /// Nanoseconds gained per nanosecond.
  var drift = 0.0
  var since: Int64 = 0
  /// What drifts that have ended gained, as far as no step of the clock shows it.
  var gained: Int64 = 0

  /// Time as it passes here, in which a drift is felt and a step of the clock is not: it never goes
  /// back.
  func monotonic(at now: Int64) -> Int64 {
    now + gained + Int64(drift * Double(now - since))
  }

  /// The moment at which so much will have passed here, ns of true time; never before `now`.
  func moment(after span: Int64, from now: Int64) -> Int64 {
    let span = min(max(0, span), 1 << 61)
    return now + (drift == 0 ? span : Int64((Double(span) / (1 + drift)).rounded(.up)))
  }

  @inline(__always)
  func read(at now: Int64) -> Int64 {
    drift == 0 ? now + offset : now + offset + Int64(Double(now - since) * drift)
  }
}
