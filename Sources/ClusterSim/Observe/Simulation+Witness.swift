import Consistency

// Who watches the clients from outside: the history, the judge, the traces. They change nothing.
extension Simulation {
  /// An operation is invoked.
  @inline(__always)
  mutating func witnessBegin(_ operation: inout Operation) {
    record(operation, .invoke)
    operation.trace = traces.begin(operation)
    guard settings.observe.verdict else { return }
    operation.judged = judge.invoke(
      process: Int64(operation.process), key: operation.key,
      writes: operation.kind == .write ? operation.value : nil, at: now.nanoseconds,
      tag: operation.trace)
  }

  /// An operation ends; `found` is what an ok read found, or the version of an ok write.
  @inline(__always)
  mutating func witnessEnd(
    _ operation: Operation, _ kind: OperationRecord.Kind, found: Versioned = .none,
    failure: FailureReason? = nil, hit: Bool = false
  ) {
    let hasSiblings =
      settings.storage.versions == .vector && operation.kind == .read && kind == .ok
      && vector.table.size(found.version == .none ? 0 : found.set) > 1
      && (!retries.hasRepeatedWrites || vector.table.valueCount(found.set) > 1)
    let clock = kind == .ok ? siblingClock(found) : nil
    record(operation, kind, found: found, hasSiblings: hasSiblings, clock: clock)
    let value = found.version > .initial ? found.value : 0
    let outcome: (LiveJudge.Outcome, OperationTrace.Outcome) =
      switch kind {
      case .ok: (hasSiblings ? .siblings : .ok, .ok)
      case .fail: (.fail, .fail)
      case .info, .invoke: (.info, .info)
      }
    traces.end(
      operation.trace, outcome.1, Versioned(version: found.version, value: value), failure,
      hit: hit, at: now.nanoseconds)
    guard settings.observe.verdict else { return }
    judge.complete(
      operation.judged, key: operation.key, outcome.0, value: value,
      version: kind == .ok ? historyVersion(found) : nil,
      sessions: judgeSessions(operation, kind, clock), at: now.nanoseconds)
  }

  /// What the versions found, or the one written, know. Nil with one order of versions, and where a
  /// write was sent twice: two versions of one write know nothing of each other.
  @inline(__always)
  private func siblingClock(_ found: Versioned) -> VectorClock? {
    switch settings.storage.versions {
    case .lastWriteWins: nil
    case .vector:
      retries.hasRepeatedWrites
        ? nil : vector.table.wholeClock(of: found.version == .none ? 0 : found.set)
    }
  }

  @inline(__always)
  private mutating func judgeSessions(
    _ operation: Operation, _ kind: OperationRecord.Kind, _ clock: VectorClock?
  ) -> LiveJudge.Sessions {
    guard kind == .ok, settings.storage.versions == .vector else { return .byVersion }
    guard let clock else { return .open }
    let broken = siblingSessions.note(
      process: operation.process, key: operation.key, isWrite: operation.kind == .write,
      clock: clock)
    return broken.map { .broken($0) } ?? .open
  }

  /// The trace of the client operation that a request belongs to; 0 where nobody waits any more.
  @inline(__always)
  mutating func traceCoordination(_ request: Message, by node: NodeID, needed: Int) -> UInt64 {
    var tag = request.tag
    var requester = request.from
    if hosts[Int(request.from)].kind == .cache {
      guard fetches.contains(tag) else { return traceLate(request, by: node, needed: needed) }
      requester = fetches[tag].client
      tag = fetches[tag].operation
    }
    if hosts[Int(requester)].kind == .web {
      guard tier.calls.contains(tag) else { return traceLate(request, by: node, needed: needed) }
      tag = tier.calls[tag].operation
    }
    guard operations.contains(tag) else { return traceLate(request, by: node, needed: needed) }
    let trace = operations[tag].trace
    traces.coordinated(trace, by: node, needed: needed, at: now.nanoseconds)
    return trace
  }

  /// A request that is taken up when nobody waits for it any more: an exported history tells of it.
  @inline(never)
  private mutating func traceLate(_ request: Message, by node: NodeID, needed: Int) -> UInt64 {
    guard traces.ledger != nil else { return 0 }
    traces.coordinated(request.handle, by: node, needed: needed, at: now.nanoseconds)
    return request.handle
  }

  /// At the one server of a group that takes writes: another one is known to hold the entry of a
  /// request in hand. For an exported history.
  @inline(never)
  mutating func noteCopy(ofCoordination handle: UInt64, by node: NodeID) {
    guard coordinations.contains(handle) else { return }
    traces.copied(coordinations[handle].trace, by: node, at: now.nanoseconds)
  }

  /// The name of a key by its number.
  public func keyName(_ key: UInt32) -> String { keys.names[Int(key)] }
}
