/// What a member of SWIM wants done.
enum SwimEffect {
  case send(SwimPacket)
  case wake(SwimTimer, after: Int64)
}

/// A ping, an acknowledgement, a ping-req or its nack, with rumours on its back.
struct SwimPacket {
  enum Kind: Sendable { case ping, ack, pingReq, nack }
  var kind: Kind
  var to: NodeID
  /// Whose probe it belongs to: the relay of an indirect ping sends its acknowledgement on to it.
  var origin: NodeID
  /// Who is probed.
  var subject: NodeID
  /// Number of the origin's probe; 0 for a ping that no verdict hangs on.
  var sequence: UInt32
  var rumours: ContiguousArray<Rumour> = []
}

enum SwimTimer: Equatable {
  /// The next protocol period begins.
  case period
  /// The direct ping of this probe should have been answered.
  case answer(sequence: UInt32)
  /// A suspicion may be due.
  case suspicion
  /// The ping made for another member should have been answered by now.
  case nack(relay: UInt32)
}

/// One call into the protocol: what it may read, and what it wants done.
struct SwimTurn {
  let now: Int64
  let settings: Settings.Membership
  var effects: [SwimEffect] = []
  var changes: [BeliefChange] = []
}
