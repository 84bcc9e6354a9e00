/// The keys of a group as of one moment, on their way to a server that cannot go on from the log: sent
/// in parts, so many keys a second (`ring.move_rate`), each part when the one before is held.
///
/// The keys are in the payload of the message that completes the copy; it is handed over when the last
/// part has arrived.
struct CopyStream {
  /// Of the engine's slab.
  let payload: UInt64
  let kind: MessageKind
  let group: Int
  let from: NodeID
  let to: NodeID
  let total: Int
  /// Keys that have arrived.
  var held = 0
  /// When the part that is not answered yet was sent.
  var sentAt: Int64?
}

extension Simulation {
  private static var copyPeriod: Int64 { 50_000_000 }
  private static var copyPatience: Int64 { 1_000_000_000 }

  /// Begins a copy; one under way to the same server is given up. Its keys must be in the payload.
  mutating func beginCopy(
    _ payload: UInt64, _ kind: MessageKind, keys total: Int, group: Int, from: NodeID, to: NodeID
  ) {
    endCopies { $0.group == group && $0.from == from && $0.to == to }
    let handle = copies.insert(
      CopyStream(
        payload: payload, kind: kind, group: group, from: from, to: to, total: total))
    sendCopyPart(handle)
    queue.push(
      time: now.nanoseconds + Self.copyPeriod, kind: .copyStep, node: from.rawValue,
      a: hosts[from.index].epoch, b: handle)
  }

  /// Whether a copy of the group is on its way to a host.
  func isCopied(_ group: Int, to host: NodeID) -> Bool { copiedShare(group, to: host) != nil }

  /// The share of the group's keys that has arrived; nil where no copy is under way.
  func copiedShare(_ group: Int, to host: NodeID) -> Double? {
    var share: Double?
    copies.visit { _, stream in
      guard stream.group == group, stream.to == host else { return }
      share = stream.total == 0 ? 0 : Double(stream.held) / Double(stream.total)
    }
    return share
  }

  mutating func endCopies(where isOver: (CopyStream) -> Bool) {
    var gone: [UInt64] = []
    copies.visit { if isOver($1) { gone.append($0) } }
    for handle in gone { releaseCopy(copies.remove(handle)) }
  }

  private mutating func releaseCopy(_ stream: CopyStream) {
    if stream.kind == .peer {
      multiPrimary?.payloads.release(stream.payload)
    } else {
      replication?.payloads.release(stream.payload)
    }
  }

  private var copyPart: Int {
    max(1, settings.ring.moveRate * Int(Self.copyPeriod) / 1_000_000_000)
  }

  mutating func copyStepDue(_ event: Event) {
    guard copies.contains(event.b), event.a == hosts[Int(event.node)].epoch else { return }
    let waits = copies[event.b].sentAt.map { now.nanoseconds - $0 < Self.copyPatience } ?? false
    if !waits { sendCopyPart(event.b) }
    queue.push(
      time: now.nanoseconds + Self.copyPeriod, kind: .copyStep, node: event.node, a: event.a,
      b: event.b)
  }

  private mutating func sendCopyPart(_ handle: UInt64) {
    let stream = copies[handle]
    copies[handle].sentAt = now.nanoseconds
    let count = min(copyPart, stream.total - stream.held)
    send(
      Message(
        kind: .copyPart, from: stream.from.rawValue, to: stream.to.rawValue, handle: handle,
        tag: UInt64(stream.held) << 32 | UInt64(count), key: UInt32(stream.group)))
  }

  /// A part is on the disk; the last one makes the copy the server's own.
  mutating func receiveCopyPart(_ message: Message) {
    guard copies.contains(message.handle) else { return }
    let start = Int(message.tag >> 32)
    let count = Int(message.tag & 0xFFFF_FFFF)
    if start == copies[message.handle].held {
      copies[message.handle].held += count
      noteCopied(copies[message.handle], keys: count)
    }
    let stream = copies[message.handle]
    send(
      Message(
        kind: .copyHeld, from: message.to, to: message.from, handle: message.handle,
        key: message.key))
    copyGoesOn(stream)
    guard stream.held == stream.total else { return }
    copies.remove(message.handle)
    let whole = Message(
      kind: stream.kind, from: message.from, to: message.to, tag: stream.payload,
      key: message.key)
    if stream.kind == .peer { receivePeer(whole) } else { receiveLog(whole) }
  }

  mutating func receiveCopyHeld(_ message: Message) {
    guard copies.contains(message.handle) else { return }
    copies[message.handle].sentAt = nil
    copyArrives(copies[message.handle])
  }

  private mutating func noteCopied(_ stream: CopyStream, keys count: Int) {
    copiedKeys += count
    copiedBytes += count * settings.workload.valueSize
    guard
      let arrival = arrivals.lastIndex(where: { $0.group == stream.group && $0.host == stream.to })
    else { return }
    keysMoved += count
    bytesMoved += count * settings.workload.valueSize
    arrivals[arrival].keys += count
    arrivals[arrival].bytes += count * settings.workload.valueSize
  }
}
