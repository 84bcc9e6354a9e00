// Queueing at a host: servers, service times, a bounded line (model.md section 2).
extension Simulation {
  /// Work for a replica or a cache server: begins at once, waits, or is refused.
  @inline(__always)
  mutating func acceptJob(_ handle: UInt64, at host: NodeID) {
    if hosts[host.index].gray {
      drop(handle)
      return
    }
    let servers =
      hosts[host.index].kind == .cache ? settings.cache.workers : settings.host.workers
    if hosts[host.index].workers.occupy(of: servers) {
      beginJob(handle, at: host)
    } else if hosts[host.index].workers.waiting.count < settings.host.queue {
      hosts[host.index].workers.wait(handle, at: now.nanoseconds)
    } else {
      refuse(messages.remove(handle))
    }
  }

  @inline(__always)
  mutating func beginJob(_ handle: UInt64, at host: NodeID) {
    let service = serviceTime(of: messages[handle].kind, handle, at: host)
    hosts[host.index].workers.begin(service)
    if service == 0 {
      completeJob(handle, at: host)
    } else {
      queue.push(
        time: now.nanoseconds + service, kind: .jobDone, node: host.rawValue,
        a: hosts[host.index].epoch, b: handle)
    }
  }

  @inline(__always)
  private mutating func serviceTime(of kind: MessageKind, _ handle: UInt64, at host: NodeID)
    -> Int64
  {
    var service: Int64
    switch kind {
    case .webRead, .webWrite:
      return webService(handle, at: host)
    case .cacheGet, .cachePut, .cacheSet:
      service = settings.cache.service.sampleInPlace(&hosts[host.index].stream)
    case .replicaRead, .treeAsk, .treeKeys, .logRead:
      service = settings.host.readService.sampleInPlace(&hosts[host.index].stream)
    case .raftRequest where messages[handle].other == 0:
      service = settings.host.readService.sampleInPlace(&hosts[host.index].stream)
    // Received is not replayed: that takes its own time, one entry after the other.
    case .logShip, .copyPart: service = 0
    default: service = settings.host.writeService.sampleInPlace(&hosts[host.index].stream)
    }
    if settings.storage.fsync, kind.changesDisk || kind == .logShip || kind == .copyPart {
      service += settings.host.syncService.sampleInPlace(&hosts[host.index].stream)
    }
    return service &* Int64(hosts[host.index].slowFactor)
  }

  @inline(never)
  private mutating func webService(_ handle: UInt64, at host: NodeID) -> Int64 {
    beginWebWork(messages[handle]) &* Int64(hosts[host.index].slowFactor)
  }

  /// A worker is done. In a later life of the host the job is void.
  @inline(__always)
  mutating func finishJob(_ event: Event) {
    if event.a != hosts[Int(event.node)].epoch || hosts[Int(event.node)].state != .up {
      drop(event.b)
      return
    }
    completeJob(event.b, at: NodeID(event.node))
  }

  @inline(__always)
  private mutating func completeJob(_ handle: UInt64, at host: NodeID) {
    let message = messages.remove(handle)
    var releases = true
    switch message.kind {
    case .cacheGet: releases = serveCacheGet(message)
    case .cachePut: releases = serveCachePut(message)
    case .cacheSet: fillCache(hosts[host.index].cacheIndex, message.key, message.entry)
    case .replicaRead: serveRead(message)
    case .replicaWrite: serveWrite(message)
    case .repairWrite:
      keep(
        message.entry, key: message.key, at: host,
        blindWith: has(.antiEntropySendsOlder) ? .antiEntropySendsOlder : .repairOverNewer)
    case .hintReplay: serveHint(message)
    case .transfer: serveTransfer(message)
    case .raftRequest: serveRaftRequest(message)
    case .raftAppend: receiveRaft(message)
    case .logRead, .logWrite: serveLogRequest(message)
    case .shardCopy: receiveShard(message)
    case .logShip: receiveLog(message)
    case .copyPart: receiveCopyPart(message)
    case .treeAsk: serveTreeAsk(message)
    case .treeKeys: serveTreeKeys(message)
    case .webRead, .webWrite:
      passOn(message)
      releases = false
    default: preconditionFailure("\(message.kind) is no job")
    }
    if releases { releaseWorker(at: host) }
  }

  /// A worker is free: the next in line begins.
  @inline(__always)
  mutating func releaseWorker(at host: NodeID) {
    guard let next = hosts[host.index].workers.release(at: now.nanoseconds) else { return }
    hosts[host.index].workers.busy += 1
    beginJob(next, at: host)
  }

  /// Work that nobody will do.
  mutating func drop(_ handle: UInt64) {
    let message = messages.remove(handle)
    if message.kind == .raftAppend { releaseRaft(message.tag) }
    if message.kind == .logShip { releaseLog(message.tag) }
    if message.kind == .shardCopy { moves.payloads.release(message.tag) }
  }

  /// The line is full: who asked is told, where somebody waits for an answer.
  private mutating func refuse(_ message: Message) {
    switch message.kind {
    case .replicaRead, .replicaWrite:
      var refusal = message
      refusal.kind = .replicaRefused
      refusal.from = message.to
      refusal.to = message.from
      send(refusal)
    case .cacheGet, .cachePut, .clientRead, .clientWrite: reply(to: message, failure: .overloaded)
    case .raftAppend: releaseRaft(message.tag)
    case .logShip: releaseLog(message.tag)
    case .shardCopy: moves.payloads.release(message.tag)
    case .logRead, .logWrite: refuseLog(message, .overloaded)
    default: break
    }
  }

  /// A request to be coordinated: its server is held until the replicas answered.
  @inline(__always)
  mutating func acceptRequest(_ handle: UInt64, at host: NodeID) {
    if hosts[host.index].gray {
      messages.remove(handle)
      return
    }
    if hosts[host.index].coordinators.occupy(of: settings.host.coordinators) {
      begin(messages.remove(handle), at: host)
    } else if hosts[host.index].coordinators.waiting.count < settings.host.queue {
      hosts[host.index].coordinators.wait(handle, at: now.nanoseconds)
    } else {
      refuse(messages.remove(handle))
    }
  }

  /// To the storage engine.
  @inline(__always)
  private mutating func begin(_ request: Message, at host: NodeID) {
    switch settings.storage.engine {
    case .leaderless: coordinate(request, at: host)
    case .raft: coordinateByRaft(request, at: host)
    case .primaryReplica, .multiPrimary: coordinateByLog(request, at: host)
    }
  }

  mutating func releaseCoordinator(at host: NodeID) {
    coordinatorReleases += 1
    // A request that is refused at once releases again: in this loop, or a long line of refusals
    // would go as deep.
    guard coordinatorReleases == 1 else { return }
    while coordinatorReleases > 0 {
      if let next = hosts[host.index].coordinators.release(at: now.nanoseconds) {
        hosts[host.index].coordinators.busy += 1
        begin(messages.remove(next), at: host)
      }
      coordinatorReleases -= 1
    }
  }

  /// Answers a client's or a cache's request without result.
  mutating func reply(to request: Message, failure: FailureReason) {
    let kind: MessageKind =
      request.kind == .cacheGet || request.kind == .cachePut ? .cacheReply : .clientReply
    send(
      Message(
        kind: kind, from: request.to, to: request.from, failure: failure.rawValue + 1,
        tag: request.tag, key: request.key))
  }
}
