extension Simulation {
  /// A message a host sends to itself takes this long: no network, only a hand-over.
  private static var loopback: Int64 { 5_000 }

  /// Puts a message on its way. It may be lost by chance at once, or by a cut when it arrives.
  @inline(__always)
  mutating func send(_ message: Message) {
    let from = NodeID(message.from)
    let to = NodeID(message.to)
    messageCount.sent += 1
    hosts[from.index].messagesOut += 1
    let latency: Int64
    if from == to {
      latency = Self.loopback
    } else {
      if settings.network.loss > 0 || !network.rules.isEmpty,
        network.loses(from, to, general: settings.network.loss, &networkStream)
      {
        lose(message)
        return
      }
      latency =
        hosts[from.index].location == hosts[to.index].location
        ? settings.network.local.nanoseconds + settings.network.localJitter.sample(&networkStream)
        : settings.network.between.nanoseconds
          + settings.network.betweenJitter.sample(&networkStream)
    }
    messageCount.inFlight += 1
    queue.push(
      time: now.nanoseconds + latency, kind: .deliver, node: to.rawValue,
      b: messages.insert(message))
  }

  private mutating func lose(_ message: Message) {
    messageCount.lost += 1
    releasePayload(of: message)
  }

  /// A message that was on its way is gone: its host died with it.
  mutating func loseInFlight(_ handle: UInt64) {
    messageCount.inFlight -= 1
    lose(messages.remove(handle))
  }

  private mutating func releasePayload(of message: Message) {
    guard message.kind == .gossip else { return }
    gossips[message.tag].references -= 1
    if gossips[message.tag].references == 0 { gossips.remove(message.tag) }
  }

  /// A message arrives: lost if its link is cut at this moment or nobody is there.
  @inline(__always)
  mutating func deliver(_ event: Event) {
    let to = NodeID(event.node)
    let handle = event.b
    let from = NodeID(messages[handle].from)
    if hosts[to.index].state != .up || (from != to && network.isCut(from, to)) {
      loseInFlight(handle)
      return
    }
    messageCount.inFlight -= 1
    messageCount.delivered += 1
    hosts[to.index].messagesIn += 1
    receive(handle, at: to)
  }

  @inline(__always)
  private mutating func receive(_ handle: UInt64, at host: NodeID) {
    let kind = messages[handle].kind
    switch kind {
    case .clientRead, .clientWrite:
      acceptRequest(handle, at: host)
    case .cacheGet, .replicaRead, .replicaWrite, .repairWrite, .hintReplay, .transfer:
      acceptJob(handle, at: host)
    case .clientReply:
      let message = messages.remove(handle)
      if hosts[host.index].kind == .cache {
        finishFetch(message)
      } else {
        finishOperation(message)
      }
    case .cacheReply: finishOperation(messages.remove(handle))
    case .cacheInvalidate:
      caches[Int(hosts[host.index].location)].invalidate(messages.remove(handle).key)
    case .ping:
      let message = messages.remove(handle)
      send(Message(kind: .pong, from: message.to, to: message.from))
    case .pong: receivePong(messages.remove(handle))
    case .replicaReadReply: receiveReadReply(messages.remove(handle))
    case .replicaWriteAck: receiveWriteAck(messages.remove(handle))
    case .replicaRefused: receiveRefusal(messages.remove(handle))
    case .hintAck: receiveHintAck(messages.remove(handle))
    case .transferAck: receiveTransferAck(messages.remove(handle))
    case .gossip:
      receiveGossip(messages[handle], at: host)
      releasePayload(of: messages.remove(handle))
    case .confirmAsk: answerConfirm(messages.remove(handle))
    case .confirmAnswer: receiveConfirm(messages.remove(handle))
    }
  }
}
