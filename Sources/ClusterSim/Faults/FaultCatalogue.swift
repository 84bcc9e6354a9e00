/// What a fault or change is aimed at; the prompt asks for it.
public enum FaultTarget: Sendable, Equatable {
  /// A storage node by name.
  case node
  /// A storage node or a cache server by name.
  case host
  /// A location by name.
  case location
  /// A partition shape.
  case cut
  case nothing
}

/// One thing a person can do to the cluster: the record behind its key, its menu line, its help, the
/// `:` command and the scenario verb.
public struct FaultRecord: Sendable, Equatable {
  /// First word of the action's text.
  public let verb: String
  /// The key that does it on the dashboard, where it has one.
  public let key: Character?
  public let title: String
  public let target: FaultTarget
  /// One line on what happens.
  public let meaning: String
  /// How the action is written in full, as the prompt and the help show it.
  public let form: String
  /// The verb that ends it, where something does.
  public let undo: String?
}

/// Every fault and change, in menu order. A test holds this list against the cases of `Action`.
public enum FaultCatalogue {
  public static let all: [FaultRecord] = [
    FaultRecord(
      verb: "kill", key: "K", title: "Kill", target: .host,
      meaning: "the process dies: memory is gone, the disk stays", form: "kill HOST",
      undo: "restart"),
    FaultRecord(
      verb: "restart", key: nil, title: "Restart", target: .host,
      meaning: "a killed host starts again from its disk", form: "restart HOST", undo: nil),
    FaultRecord(
      verb: "partition", key: "P", title: "Partition", target: .cut,
      meaning: "cut the network in one of several shapes",
      form: "partition CUT, where CUT is "
        + PartitionShape.forms.dropLast().map(\.text).joined(separator: ", ") + " or "
        + PartitionShape.forms[PartitionShape.forms.count - 1].text,
      undo: "heal"),
    FaultRecord(
      verb: "outage", key: nil, title: "Location outage", target: .location,
      meaning: "every host of a location or zone dies at once", form: "outage LOCATION",
      undo: "heal"),
    FaultRecord(
      verb: "heal", key: nil, title: "Heal links", target: .nothing,
      meaning: "end one link fault by its number, or all of them", form: "heal [NUMBER]", undo: nil),
    FaultRecord(
      verb: "slow", key: "S", title: "Slow x10", target: .host,
      meaning: "every request takes so many times longer", form: "slow HOST [xFACTOR]",
      undo: "recover"),
    FaultRecord(
      verb: "lossy", key: "L", title: "Lossy link", target: .host,
      meaning: "messages from and to the host are lost with this share",
      form: "lossy HOST [SHARE%]", undo: "heal"),
    FaultRecord(
      verb: "delay", key: nil, title: "Delayed link", target: .host,
      meaning: "messages from and to the host take so much longer", form: "delay HOST [SPAN]",
      undo: "heal"),
    FaultRecord(
      verb: "duplicate", key: nil, title: "Duplicating link", target: .host,
      meaning: "a share of the datagrams from and to the host arrives twice",
      form: "duplicate HOST [SHARE%]", undo: "heal"),
    FaultRecord(
      verb: "reorder", key: nil, title: "Reordering link", target: .host,
      meaning: "datagrams from and to the host overtake each other", form: "reorder HOST [SPAN]",
      undo: "heal"),
    FaultRecord(
      verb: "gray", key: "Y", title: "Gray failure", target: .node,
      meaning: "pings and heartbeats go on, requests are never worked on", form: "gray NODE",
      undo: "recover"),
    FaultRecord(
      verb: "freeze", key: nil, title: "Freeze", target: .host,
      meaning: "nothing runs and messages wait, as in a long garbage collection",
      form: "freeze HOST", undo: "thaw"),
    FaultRecord(
      verb: "thaw", key: nil, title: "Thaw", target: .host,
      meaning: "a frozen host goes on and works off what waited", form: "thaw HOST", undo: nil),
    FaultRecord(
      verb: "wipe", key: nil, title: "Wipe", target: .host,
      meaning: "the process dies and its disk is gone", form: "wipe HOST", undo: "restart"),
    FaultRecord(
      verb: "skew", key: nil, title: "Skew the clock", target: .node,
      meaning: "the node's clock is off, and may run fast or slow",
      form: "skew NODE [SPAN] [DRIFTppm]", undo: "recover"),
    FaultRecord(
      verb: "recover", key: nil, title: "Recover", target: .host,
      meaning: "end every fault on the host", form: "recover HOST", undo: nil),
    FaultRecord(
      verb: "cold-cache", key: "C", title: "Cold cache", target: .nothing,
      meaning: "empty the cache servers", form: "cold-cache [LOCATION]", undo: nil),
    FaultRecord(
      verb: "burst", key: "B", title: "Burst", target: .nothing,
      meaning: "clients send so many times more for a while", form: "burst [xFACTOR] [SPAN]",
      undo: nil),
    FaultRecord(
      verb: "hot-key", key: "H", title: "Hot key", target: .nothing,
      meaning: "a share of all operations goes to one key for a while",
      form: "hot-key [SHARE%] [SPAN]", undo: nil),
    FaultRecord(
      verb: "join", key: "A", title: "Add a node", target: .nothing,
      meaning: "a new node takes its share of the ring; its keys really move",
      form: "join NODE [in LOCATION] [weight W]", undo: nil),
    FaultRecord(
      verb: "decommission", key: "D", title: "Drain and remove", target: .node,
      meaning: "a node hands its keys over and leaves the ring", form: "decommission NODE",
      undo: nil),
    FaultRecord(
      verb: "reshard", key: nil, title: "Split a range", target: .nothing,
      meaning: "the fullest range is cut in two, half moves to the emptiest node (scheme range)",
      form: "reshard", undo: nil),
    FaultRecord(
      verb: "transfer", key: nil, title: "Move leadership", target: .node,
      meaning: "raft: the node leads a group, or every group it has a server of",
      form: "transfer NODE [group NUMBER]", undo: nil),
    FaultRecord(
      verb: "promote", key: nil, title: "Promote", target: .node,
      meaning: "a replica becomes primary, handed over in order where the old one answers "
        + "(engine primary-replica)",
      form: "promote NODE [group NUMBER]", undo: nil),
    FaultRecord(
      verb: "split", key: nil, title: "Split a key", target: .nothing,
      meaning: "keep a hot key in copies: a read asks one, a write goes to all; 1 takes it back",
      form: "split KEY [COPIES]", undo: nil),
    FaultRecord(
      verb: "split-shard", key: nil, title: "Split a shard", target: .nothing,
      meaning: "cut a shard, or the busiest, in two; both stay in its group (engines with groups)",
      form: "split-shard [SHARD]", undo: nil),
    FaultRecord(
      verb: "move-shard", key: "E", title: "Move a shard", target: .nothing,
      meaning: "copy a shard, or the busiest, to another group while clients run",
      form: "move-shard [SHARD] [group NUMBER]", undo: nil),
    FaultRecord(
      verb: "set", key: nil, title: "Set", target: .nothing,
      meaning: "change a setting while the cluster runs", form: "set PATH VALUE", undo: nil),
    FaultRecord(
      verb: "read", key: nil, title: "Read", target: .nothing,
      meaning: "one read by a client, past the cache where a node is named",
      form: "read KEY [via NODE]", undo: nil),
    FaultRecord(
      verb: "write", key: nil, title: "Write", target: .nothing,
      meaning: "one write by a client", form: "write KEY [via NODE]", undo: nil),
  ]

  /// Finds the record of a verb.
  public static func find(_ verb: String) -> FaultRecord? { all.first { $0.verb == verb } }
}
