/// Something a person does to the running cluster. Actions are the only way in: they are logged with
/// their virtual time, and scenario + seed + log is the recording.
///
/// `text` is the canonical form, the one that the `:` prompt, scenario files and recordings share.
public enum Action: Hashable, Sendable {
  // Faults on one host.
  case kill(host: String)
  case restart(host: String)
  case freeze(host: String)
  case thaw(host: String)
  case slow(host: String, factor: Int)
  case gray(host: String)
  /// Killed, and its disk is gone as well.
  case wipe(host: String)
  /// Its clock is off by `offset` from now on, and runs fast by `drift` (1e-6 is one microsecond
  /// per second).
  case skew(host: String, offset: Span, drift: Double)
  /// Ends every fault on the host: restarts, thaws, back to full speed.
  case recover(host: String)
  // Faults on links.
  case partition(PartitionShape)
  /// Messages from and to the host are lost with this share (0 to 1).
  case lossy(host: String, share: Double)
  /// Messages from and to the host take so much longer.
  case delay(host: String, by: Span)
  /// This share of the datagrams from and to the host arrives twice.
  case duplicate(host: String, share: Double)
  /// Datagrams from and to the host are held back up to so long, so that they overtake each other.
  case reorder(host: String, by: Span)
  /// Every host of a location, or of a zone, dies at once.
  case outage(location: String)
  /// Ends the fault with this number, or every link fault where nil.
  case heal(fault: Int?)
  // Load.
  case coldCache(location: String?)
  case burst(factor: Double, length: Span)
  case hotKey(share: Double, length: Span)
  // Membership of the ring.
  case join(node: String, location: String?, weight: Int)
  case decommission(node: String)
  /// Cuts the fullest range in two (scheme `range`).
  case reshard
  /// The node shall lead the Raft group (counted from 1), or every group of which it has a server.
  case transfer(node: String, group: Int?)
  /// The node becomes the primary of the group with this number, or where nil of those that lost
  /// theirs.
  case promote(node: String, group: Int?)
  /// Keeps a hot key in so many copies; one takes it back.
  case split(key: String, copies: Int)
  /// Cuts a shard (counted from 1; where nil the busiest) in two; both parts stay in its group.
  case splitShard(shard: Int?)
  /// The shard (where nil the busiest) goes to the group (where nil the one with the fewest keys).
  case moveShard(shard: Int?, group: Int?)
  // Settings and single operations.
  case set(path: String, value: String)
  case read(key: String, via: String?)
  case write(key: String, via: String?)

  public var text: String {
    switch self {
    case .kill(let host): "kill \(host)"
    case .restart(let host): "restart \(host)"
    case .freeze(let host): "freeze \(host)"
    case .thaw(let host): "thaw \(host)"
    case .slow(let host, let factor): "slow \(host) x\(factor)"
    case .gray(let host): "gray \(host)"
    case .wipe(let host): "wipe \(host)"
    case .skew(let host, let offset, let drift):
      "skew \(host) \(offset.description)"
        + (drift == 0 ? "" : " \(Self.short(Self.millionths(drift)))ppm")
    case .delay(let host, let span): "delay \(host) \(span.description)"
    case .duplicate(let host, let share): "duplicate \(host) \(Self.percent(share))"
    case .reorder(let host, let span): "reorder \(host) \(span.description)"
    case .outage(let location): "outage \(location)"
    case .recover(let host): "recover \(host)"
    case .partition(let shape): "partition \(shape.text)"
    case .lossy(let host, let share): "lossy \(host) \(Self.percent(share))"
    case .heal(let fault): fault.map { "heal \($0)" } ?? "heal"
    case .coldCache(let location): location.map { "cold-cache \($0)" } ?? "cold-cache"
    case .burst(let factor, let length): "burst x\(Self.short(factor)) \(length.description)"
    case .hotKey(let share, let length): "hot-key \(Self.percent(share)) \(length.description)"
    case .join(let node, let location, let weight):
      "join \(node)" + (location.map { " in \($0)" } ?? "")
        + (weight == 1 ? "" : " weight \(weight)")
    case .decommission(let node): "decommission \(node)"
    case .reshard: "reshard"
    case .transfer(let node, let group):
      "transfer \(node)" + (group.map { " group \($0)" } ?? "")
    case .promote(let node, let group): "promote \(node)" + (group.map { " group \($0)" } ?? "")
    case .split(let key, let copies): "split \(key) \(copies)"
    case .splitShard(let shard): "split-shard" + (shard.map { " \($0)" } ?? "")
    case .moveShard(let shard, let group):
      "move-shard" + (shard.map { " \($0)" } ?? "") + (group.map { " group \($0)" } ?? "")
    case .set(let path, let value): "set \(path) \(value)"
    case .read(let key, let via): "read \(key)" + (via.map { " via \($0)" } ?? "")
    case .write(let key, let via): "write \(key)" + (via.map { " via \($0)" } ?? "")
    }
  }

  /// To nine decimals: 0.07 x 100 is 7.000000000000001 in binary, and people read this.
  private static func percent(_ share: Double) -> String {
    short((share * 1e11).rounded() / 1e9) + "%"
  }

  private static func millionths(_ drift: Double) -> Double { (drift * 1e9).rounded() / 1e3 }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
