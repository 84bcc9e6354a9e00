// The leaderless engine at a replica.
extension Simulation {
  /// A replica's read: the disk, and for a stand-in the hints as well.
  @inline(__always)
  mutating func serveRead(_ message: Message) {
    hosts[Int(message.to)].readsServed += 1
    var found = hosts[Int(message.to)].store.get(message.key)
    if !hosts[Int(message.to)].hints.isEmpty {
      let hinted = hosts[Int(message.to)].hints.newest(message.key)
      found = joined(found, hinted)
    }
    sampleWork(.read, message)
    send(
      Message(
        kind: .replicaReadReply, from: message.to, to: message.from, handle: message.handle,
        tag: UInt64(now.nanoseconds), key: message.key, place: message.place, entry: found))
  }

  /// A replica's write; a stand-in keeps it as a hint for the home it was meant for.
  @inline(__always)
  mutating func serveWrite(_ message: Message) {
    hosts[Int(message.to)].writesServed += 1
    if message.other == message.to {
      keep(message.entry, key: message.key, at: NodeID(message.to))
    } else if !keepHint(
      message.entry, key: message.key, for: NodeID(message.other), at: NodeID(message.to),
      of: message.tag)
    {
      // No room: not kept, so not acknowledged.
      return
    }
    sampleWork(.write, message)
    send(
      Message(
        kind: .replicaWriteAck, from: message.to, to: message.from, handle: message.handle,
        tag: UInt64(now.nanoseconds), key: message.key, place: message.place))
  }
}
