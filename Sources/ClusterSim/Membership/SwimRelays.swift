/// The pings that a member makes for others and that wait for their answers: with Lifeguard's nacks
/// (arXiv 1707.00788, section IV-A) whoever asked is told when none comes.
struct SwimRelays {
  struct Relay {
    let number: UInt32
    let origin: NodeID
    let subject: NodeID
    let sequence: UInt32
  }
  private var waiting: ContiguousArray<Relay> = []
  private var last: UInt32 = 0

  /// A ping is made for the origin of `packet`; gives its number.
  mutating func begin(_ packet: SwimPacket) -> UInt32 {
    last &+= 1
    waiting.append(
      Relay(
        number: last, origin: packet.origin, subject: packet.subject, sequence: packet.sequence))
    return last
  }

  /// The subject's acknowledgement came.
  mutating func answered(_ ack: SwimPacket) {
    waiting.removeAll {
      $0.origin == ack.origin && $0.sequence == ack.sequence && $0.subject == ack.subject
    }
  }

  /// The ping of this number should have been answered: nil where it was, else what its origin is
  /// told.
  mutating func nack(_ number: UInt32) -> SwimPacket? {
    guard let place = waiting.firstIndex(where: { $0.number == number }) else { return nil }
    let relay = waiting.remove(at: place)
    return SwimPacket(
      kind: .nack, to: relay.origin, origin: relay.origin, subject: relay.subject,
      sequence: relay.sequence)
  }
}
