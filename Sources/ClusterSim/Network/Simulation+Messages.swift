extension Simulation {
  /// A message a host sends to itself takes this long: no network, only a hand-over.
  private static var loopback: Int64 { 5_000 }

  /// Puts a message on its way. A datagram may be lost by chance at once, or by a cut when it
  /// arrives; a stream sends it again until it gets through or the connection breaks.
  ///
  /// It goes into its cell before anything is asked about it: what is built elsewhere is stored twice,
  /// and the copy's wide loads have to wait for the narrow stores before them.
  @inline(__always)
  mutating func send(_ message: Message) {
    let handle = messages.insert(message)
    dispatch(handle, message.kind, from: NodeID(message.from), to: NodeID(message.to))
  }

  /// One copy of it for all senders: what every message runs through should stay in the processor's
  /// cache of instructions.
  @inline(never)
  private mutating func dispatch(
    _ handle: UInt64, _ kind: MessageKind, from: NodeID, to: NodeID
  ) {
    messageCount.sent += 1
    messageCount.inFlight += 1
    hosts[from.index].messagesOut += 1
    if from == to {
      // WARS knows no copy at hand: with a fit the coordinator's own copy is one like the others.
      if let measured = settings.network.replicaDelays.sample(kind, &replicaDelayStream) {
        depart(handle, to: to, latency: measured)
      } else {
        queue.pushInOrder(
          time: now.nanoseconds + Self.loopback, kind: .deliver, node: to.rawValue, b: handle)
      }
      return
    }
    var latency =
      hosts[from.index].location == hosts[to.index].location
      ? nearBase(from, to) + settings.network.localJitter.sampleInPlace(&networkStream)
      : settings.network.between.nanoseconds
        + settings.network.betweenJitter.sampleInPlace(&networkStream)
    let measured = settings.network.replicaDelays.sample(kind, &replicaDelayStream)
    if let measured { latency = measured }
    let datagram = isDatagram(kind)
    if settings.network.loss > 0 || !network.rules.isEmpty {
      guard let trouble = disturbance(of: handle, datagram: datagram) else {
        loseInFlight(handle)
        return
      }
      latency += trouble
    }
    if !datagram, measured == nil { latency = inOrder(from, to, latency) }
    depart(handle, to: to, latency: latency)
  }

  @inline(__always)
  private func isDatagram(_ kind: MessageKind) -> Bool {
    kind.isDatagram || settings.network.transport == .udp && !kind.isStream
  }

  /// The base latency inside a location, ns.
  @inline(__always)
  private func nearBase(_ from: NodeID, _ to: NodeID) -> Int64 {
    let zone = hosts[from.index].zone
    return zone != 0 && zone == hosts[to.index].zone
      ? settings.network.zone.nanoseconds : settings.network.local.nanoseconds
  }

  @inline(__always)
  private mutating func depart(_ handle: UInt64, to host: NodeID, latency: Int64) {
    queue.push(
      time: now.nanoseconds + latency, kind: .deliver, node: host.rawValue, b: handle)
  }

  /// What loss and rules do to a message: nil where it is lost for good, else what they add to its
  /// latency, ns.
  private mutating func disturbance(of handle: UInt64, datagram: Bool) -> Int64? {
    let message = messages[handle]
    let from = NodeID(message.from)
    let to = NodeID(message.to)
    var added = network.delay(from, to, datagram: datagram, &networkStream)
    var wait = settings.network.retransmit.nanoseconds
    while network.loses(from, to, general: settings.network.loss, &networkStream) {
      guard !datagram, added + wait <= settings.network.streamTimeout.nanoseconds else {
        return nil
      }
      retransmissions += 1
      added += wait
      wait *= 2
    }
    if datagram, network.duplicates(from, to, &networkStream) {
      messageCount.sent += 1
      messageCount.inFlight += 1
      duplicates += 1
      // The store takes it twice, as when its client sends it again.
      if message.kind.isWriteRequest { retries.repeats(write: message.entry.value) }
      if message.kind.carriesGossip { gossips.retain(message.tag) }
      if message.kind.carriesRaft { raft!.payloads.retain(message.tag) }
      if message.kind == .peer { multiPrimary!.payloads.retain(message.tag) }
      if message.kind.carriesShard { moves.payloads.retain(message.tag) }
      if message.kind.carriesLog { replication!.payloads.retain(message.tag) }
      depart(
        messages.insert(message), to: to, latency: settings.network.local.nanoseconds + added)
    }
    return added
  }

  /// A stream delivers in the order of sending: nothing arrives before what was sent before it.
  @inline(__always)
  private mutating func inOrder(_ from: NodeID, _ to: NodeID, _ latency: Int64) -> Int64 {
    let arrival = streams.arrival(
      from, to, at: now.nanoseconds + latency, now: now.nanoseconds)
    return arrival - now.nanoseconds
  }

  /// A stream whose segment met a cut tries again, twice as late each time, until the connection
  /// breaks. False for a datagram and for a broken connection.
  private mutating func sendAgain(_ handle: UInt64) -> Bool {
    let message = messages[handle]
    if isDatagram(message.kind) { return false }
    let wait = settings.network.retransmit.nanoseconds << Int64(min(message.attempt, 30))
    // All waits so far add up to one less than the next, in units of the first.
    guard wait < settings.network.streamTimeout.nanoseconds else { return false }
    messages[handle].attempt += 1
    retransmissions += 1
    queue.push(
      time: streams.arrival(
        NodeID(message.from), NodeID(message.to), at: now.nanoseconds + wait, now: now.nanoseconds),
      kind: .deliver, node: message.to, b: handle)
    return true
  }

  /// A message that was on its way is gone: by chance, by a cut, or its host died with it.
  mutating func loseInFlight(_ handle: UInt64) {
    messageCount.inFlight -= 1
    messageCount.lost += 1
    releasePayload(of: messages.remove(handle))
  }

  private mutating func releasePayload(of message: Message) {
    if message.kind.carriesRaft { releaseRaft(message.tag) }
    if message.kind.carriesLog { releaseLog(message.tag) }
    if message.kind == .peer { releasePeer(message.tag) }
    if message.kind.carriesShard { moves.payloads.release(message.tag) }
    if message.kind.carriesGossip { gossips.release(message.tag) }
  }

  /// A message arrives: lost if its link is cut at this moment or nobody is there.
  @inline(__always)
  mutating func deliver(_ event: Event) {
    let to = NodeID(event.node)
    let handle = event.b
    let from = NodeID(messages[handle].from)
    if hosts[to.index].state != .up {
      loseInFlight(handle)
      return
    }
    if from != to, network.isCut(from, to) {
      if !sendAgain(handle) { loseInFlight(handle) }
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
    case .cacheGet, .cachePut, .cacheSet, .replicaRead, .replicaWrite, .repairWrite, .hintReplay,
      .transfer, .treeAsk, .treeKeys, .raftRequest, .raftAppend, .logRead, .logWrite, .logShip,
      .copyPart, .shardCopy:
      acceptJob(handle, at: host)
    case .clientReply:
      let message = messages.remove(handle)
      if hosts[host.index].kind == .cache {
        finishFetch(message)
      } else if hosts[host.index].kind == .clients {
        finishOperation(message)
      } else {
        finishCall(message)
      }
    case .cacheReply:
      let message = messages.remove(handle)
      if hosts[host.index].kind == .clients {
        finishOperation(message)
      } else {
        finishCall(message)
      }
    case .cacheMiss:
      let message = messages.remove(handle)
      if hosts[host.index].kind == .clients {
        readAside(message)
      } else {
        readAside(forWeb: message)
      }
    case .pathRead, .pathWrite, .webRead, .webWrite, .webReply, .pathReply, .probe, .probeAnswer:
      receiveOnPath(handle, at: host)
    case .cacheInvalidate:
      invalidateCached(messages.remove(handle).key, at: host)
    case .clientQuery: receiveQuery(messages.remove(handle), at: host)
    case .ping:
      let message = messages.remove(handle)
      send(Message(kind: .pong, from: message.to, to: message.from))
    case .pong: receivePong(messages.remove(handle))
    case .replicaReadReply: receiveReadReply(messages.remove(handle))
    case .replicaWriteAck: receiveWriteAck(messages.remove(handle))
    case .replicaRefused: receiveRefusal(messages.remove(handle))
    case .hintAck: receiveHintAck(messages.remove(handle))
    case .transferAck: receiveTransferAck(messages.remove(handle))
    case .treeAnswer: receiveTreeAnswer(messages.remove(handle))
    case .treeWanted: receiveTreeWanted(messages.remove(handle))
    case .directoryAsk: answerDirectory(messages.remove(handle))
    case .shard: receiveShard(messages.remove(handle))
    case .raft: receiveRaft(messages.remove(handle))
    case .peer: receivePeer(messages.remove(handle))
    case .copyHeld: receiveCopyHeld(messages.remove(handle))
    case .logControl: receiveLog(messages.remove(handle))
    case .logReply: receiveLogReply(messages.remove(handle))
    case .logAnnounce: receiveAnnouncement(messages.remove(handle))
    case .raftReply: receiveRaftReply(messages.remove(handle))
    case .raftRefused: receiveRaftRefusal(messages.remove(handle))
    case .gossip:
      receiveGossip(messages[handle], at: host)
      releasePayload(of: messages.remove(handle))
    case .swimPing, .swimAck, .swimPingReq, .swimNack:
      receiveSwim(messages[handle], at: host)
      releasePayload(of: messages.remove(handle))
    case .confirmAsk: answerConfirm(messages.remove(handle))
    case .confirmAnswer: receiveConfirm(messages.remove(handle))
    }
  }
}
