import CellUI
import ClusterSim

/// A state as glyph, word and colour: never by one of them alone.
struct Mark: Equatable {
  let glyph: Unicode.Scalar
  let word: String
  let style: Style
}

/// How states are named and marked everywhere on the screen.
enum Words {
  static func belief(_ belief: Belief?, _ glyphs: Glyphs) -> Mark {
    guard let belief else {
      return Mark(glyph: glyphs.unknown, word: "unknown", style: Style(.unknown))
    }
    return switch belief {
    case .alive: Mark(glyph: glyphs.alive, word: belief.name, style: Style(.alive))
    case .suspect: Mark(glyph: glyphs.suspect, word: belief.name, style: Style(.suspect, .bold))
    case .dead: Mark(glyph: glyphs.dead, word: belief.name, style: Style(.dead, .bold))
    case .left: Mark(glyph: glyphs.left, word: belief.name, style: Style(.left))
    }
  }

  /// The colour of a node's ranges and name. Red and yellow are left out: they mean dead and
  /// suspect, and a healthy node must not look ill. The second four are dimmer.
  static func node(_ index: Int, _ attributes: Attributes = []) -> Style {
    let roles: [Role] = [.chart1, .chart2, .chart5, .chart6]
    let dim: Attributes = index / roles.count % 2 == 1 ? [.dim] : []
    return Style(roles[index % roles.count], attributes.union(dim))
  }

  /// What is really the matter with a host; "up" where nothing is.
  static func truth(_ host: HostView, _ glyphs: Glyphs) -> Mark {
    switch host.state {
    case .killed: return Mark(glyph: glyphs.dead, word: "killed", style: Style(.dead))
    case .frozen: return Mark(glyph: glyphs.frozen, word: "frozen", style: Style(.frozen))
    case .left: return Mark(glyph: glyphs.left, word: "left", style: Style(.left))
    case .up: break
    }
    if host.gray { return Mark(glyph: glyphs.slow, word: "gray", style: Style(.slow)) }
    if host.slowFactor > 1 {
      return Mark(glyph: glyphs.slow, word: "slow x\(host.slowFactor)", style: Style(.slow))
    }
    switch host.ringRole {
    case .joining: return Mark(glyph: glyphs.joining, word: "joining", style: Style(.joining))
    case .leaving: return Mark(glyph: glyphs.joining, word: "leaving", style: Style(.joining))
    case .member, .left, .none:
      return Mark(glyph: glyphs.alive, word: "up", style: Style(.alive))
    }
  }

  /// What a Raft server is.
  static func server(_ state: RaftServerView.State, _ glyphs: Glyphs) -> Mark {
    switch state {
    case .leader: Mark(glyph: glyphs.leader, word: "leader", style: Style(.leader, .bold))
    case .outdated: Mark(glyph: glyphs.warning, word: "old leader", style: Style(.bad, .bold))
    case .follower: Mark(glyph: glyphs.alive, word: "follower", style: Style(.alive))
    case .candidate: Mark(glyph: glyphs.suspect, word: "candidate", style: Style(.warning, .bold))
    case .leaderless: Mark(glyph: glyphs.left, word: "no leader", style: Style(.bad, .bold))
    case .learner: Mark(glyph: glyphs.joining, word: "learner", style: Style(.joining))
    case .stopped: Mark(glyph: glyphs.dead, word: "stopped", style: Style(.dead))
    }
  }

  /// A server of a replica group.
  static func server(_ server: ReplicaServerView, _ glyphs: Glyphs) -> Mark {
    if !server.runs { return Mark(glyph: glyphs.dead, word: "stopped", style: Style(.dead)) }
    if let copied = server.copied {
      return Mark(
        glyph: glyphs.joining, word: "copy \(Int(copied * 100))%", style: Style(.joining))
    }
    if server.role == .primary, !server.isBlank, server.counts {
      return server.serves
        ? Mark(glyph: glyphs.leader, word: "primary", style: Style(.leader, .bold))
        : Mark(
          glyph: glyphs.warning, word: server.isReady ? "fenced" : "starting",
          style: Style(.warning, .bold))
    }
    if server.isBlank { return Mark(glyph: glyphs.left, word: "no copy", style: Style(.left)) }
    if !server.counts {
      return Mark(glyph: glyphs.joining, word: "learner", style: Style(.joining))
    }
    if server.isDivergent {
      return Mark(glyph: glyphs.failed, word: "branched", style: Style(.bad, .bold))
    }
    return Mark(glyph: glyphs.alive, word: "replica", style: Style(.alive))
  }

  /// How an event is marked.
  static func event(_ kind: LogEntry.Kind, _ glyphs: Glyphs) -> (Unicode.Scalar, Style) {
    switch kind {
    case .you: (glyphs.you, Style(.you, .bold))
    case .plan: (glyphs.pointer, Style(.info))
    case .membership: (glyphs.warning, Style(.suspect))
    case .storage: (glyphs.hint, Style(.hint))
    case .ring: (glyphs.joining, Style(.joining))
    case .cache: (glyphs.bullet, Style(.cache))
    case .client: (glyphs.bullet, Style(.request))
    case .path: (glyphs.bullet, Style(.accent))
    }
  }

  static func name(_ kind: LogEntry.Kind) -> String {
    switch kind {
    case .you: "you"
    case .plan: "plan"
    case .membership: "members"
    case .storage: "store"
    case .ring: "ring"
    case .cache: "cache"
    case .client: "clients"
    case .path: "path"
    }
  }

  /// How many copies, and how many of them answer.
  static func copies(_ storage: Settings.Storage) -> String {
    switch storage.engine {
    case .leaderless: "N=\(storage.n) R=\(storage.r) W=\(storage.w)"
    case .primaryReplica, .multiPrimary: "N=\(storage.n) \(storage.engine.rawValue)"
    case .raft: "N=\(storage.n) raft"
    }
  }

  /// A version's time: by the engine a moment of the coordinator's clock or a place in a log.
  static func version(_ time: Instant, _ storage: Settings.Storage) -> String {
    switch storage.engine {
    case .leaderless, .multiPrimary: Figure.clock(time)
    case .raft: "log index \(time.nanoseconds)"
    case .primaryReplica:
      time == .zero
        ? "the start"
        : Self.place(LogPlace(time: time.nanoseconds))
    }
  }

  private static func place(_ place: LogPlace) -> String {
    "timeline \(place.timeline), position \(place.position)"
      + (place.generation > 0 ? ", home \(place.generation + 1) of its shard" : "")
  }

  /// `r + w` against `n`, as a sentence; both what it promises and what it does not.
  static func overlap(_ storage: Settings.Storage) -> (text: String, holds: Bool) {
    if storage.engine == .raft {
      return ("a majority (\(storage.n / 2 + 1) of \(storage.n)) of the key's group decides", true)
    }
    if storage.engine == .multiPrimary {
      return ("every primary answers at once; of concurrent writes the latest clock wins", false)
    }
    if storage.engine == .primaryReplica {
      return ("the primary of the key's group orders its writes and ships its log", true)
    }
    let read = storage.readLevel.answers(n: storage.n, count: storage.r)
    let write = storage.writeLevel.answers(n: storage.n, count: storage.w)
    guard let read, let write else { return levels(storage.readLevel, storage.writeLevel) }
    let sum = read + write
    if read > storage.n || write > storage.n {
      let most = max(read, write)
      return ("\(most) answers of N=\(storage.n) copies: can never be had", false)
    }
    guard sum > storage.n else {
      return ("R+W=\(sum) <= N=\(storage.n): a read may miss the last completed write", false)
    }
    if storage.quorum == .sloppy {
      return ("R+W=\(sum) > N=\(storage.n), but sloppy: a read may still miss a write", false)
    }
    return ("R+W=\(sum) > N=\(storage.n): a read overlaps the last completed write", true)
  }

  /// What levels promise that go by location.
  private static func levels(
    _ read: Settings.Level, _ write: Settings.Level
  ) -> (text: String, holds: Bool) {
    let pair = "\(read.rawValue) reads, \(write.rawValue) writes"
    switch (read, write) {
    case (.localQuorum, .localQuorum):
      return (pair + ": a read sees its own location's writes, others' perhaps later", false)
    case (.localQuorum, .eachQuorum), (.eachQuorum, .localQuorum), (.eachQuorum, .eachQuorum):
      return (pair + ": a read overlaps the last completed write", true)
    case (.all, .localQuorum), (.all, .eachQuorum), (.localQuorum, .all), (.eachQuorum, .all):
      return (pair + ": a read overlaps the last completed write", true)
    case (.count, _), (.one, _), (.quorum, _), (_, .count), (_, .one), (_, .quorum),
      (.all, .all):
      return (pair + ": a read may miss the last completed write", false)
    }
  }

  /// A level in four columns, for `R` and `W`; `count` is the number itself.
  static func level(_ level: Settings.Level, count: Int) -> String {
    switch level {
    case .count: "\(count)"
    case .one: "one"
    case .quorum: "quor"
    case .all: "all"
    case .localQuorum: "loc"
    case .eachQuorum: "each"
    }
  }
}

/// Numbers at fixed widths and in the same units everywhere; `-` for what does not exist.
enum Figure {
  /// Milliseconds in five columns: `0.42`, `14.2`, `1234`.
  static func milliseconds(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    if value < 9.995 { return NumberText.fixed(value, 2) }
    return NumberText.fixed(value, value < 99.95 ? 1 : 0)
  }

  static func milliseconds(nanoseconds: Int64?) -> String {
    milliseconds(nanoseconds.map { Double($0) / 1e6 })
  }

  /// A share in percent: `100`, `99.9`, `0.0`. 100 and 0 are said only where they are exact.
  static func percent(_ share: Double?, decimals: Int = 1) -> String {
    guard let share, share.isFinite else { return "-" }
    // Sums of many shares come out a hair below the whole.
    if share > 1 - 1e-9 { return "100" }
    let step = PlainMath.power10(-decimals)
    // 99.96 % is not "100.0": what failed must be seen.
    let value = share * 100
    let held = value > 100 - step ? 100 - step : (value > 0 && value < step ? step : value)
    return NumberText.fixed(held, decimals)
  }

  /// Heartbeat ages and the like: `0.3s`, `12s`, `4m`.
  static func age(_ span: Span) -> String {
    let seconds = span.seconds
    if seconds < 9.95 { return NumberText.fixed(seconds, 1) + "s" }
    if seconds < 600 { return NumberText.fixed(seconds, 0) + "s" }
    return NumberText.fixed(seconds / 60, 0) + "m"
  }

  static func count(_ value: Int) -> String { NumberText.short(Double(value)) }

  static func rate(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    return NumberText.short(value)
  }

  /// Virtual time as `03:12.4`, from an hour on `1:03:12.4`. Cut, not rounded, so that no time is
  /// shown that has not been reached.
  static func clock(_ instant: Instant) -> String {
    let tenths = max(0, instant.nanoseconds / 100_000_000)
    let seconds = tenths / 10
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let tail = "\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(tenths % 10)"
    return seconds < 3600 ? tail : "\(seconds / 3600):" + tail
  }

  /// Time since `start`, `-` where it has not come.
  static func after(_ start: Instant, _ instant: Instant?) -> String {
    guard let instant else { return "-" }
    return NumberText.fixed((instant - start).seconds, 2) + "s"
  }
}
