// Queries that read several keys at once: the client asks one coordinator, which asks for every part
// at the same time and passes each answer on as it comes.
extension Simulation {
  public var queryFigures: QueryFigures { queries.figures }

  /// By family; nil where keys are of no family.
  public func figures(of family: KeyFamily) -> FamilyFigures? {
    settings.workload.families ? queries.families[family.rawValue] : nil
  }

  /// The samplers follow the settings of the workload.
  mutating func prepareQueries() {
    let workload = settings.workload
    let families = KeyFamily.allCases.count
    queries.samplers =
      workload.families && configuration.trace == nil
      ? (0..<families).map {
        KeySampler(
          workload.ownDistribution, count: (workload.keys - $0 + families - 1) / families)
      } : [sampler]
  }

  @inline(never)
  mutating func beginQuery(location: Int) {
    let keys =
      settings.workload.queryAllGroups && sharded != nil
      ? keysOfAllGroups() : queries.drawKeys(settings.workload.fanOut)
    var query = Query(invoked: now.nanoseconds)
    query.waiting = keys.count
    query.hops = 1
    if sharded != nil {
      var asked: UInt64 = 0
      for key in keys { asked |= 1 << UInt64(shardGroup(of: key)) }
      query.groups = asked.nonzeroBitCount
    }
    let coordinator = clients[location].chooseCoordinator()
    let handle = queries.underWay.insert(query)
    queries.figures.begun += 1
    for key in keys { beginPart(of: handle, key: key, location: location, coordinator) }
    // Behind a web tier each part is a request of its own.
    guard let coordinator, !settings.path.isThere else { return }
    arm(.operations)
    send(
      Message(
        kind: .clientQuery, from: clients[location].host.rawValue, to: coordinator, tag: handle))
  }

  /// A key of every group that has any, as clients choose it: from one that is drawn the next of the
  /// group. Families take turns, as they do with the groups.
  private mutating func keysOfAllGroups() -> ContiguousArray<UInt32> {
    let families = queries.samplers.count
    var found: ContiguousArray<UInt32> = []
    for group in 0..<sharded!.directory.groups {
      let family = group % families
      let first = queries.drawPlace(ofFamily: family)
      let own = queries.samplers[family].count
      let place = (first..<first + own).first {
        shardGroup(of: UInt32($0 % own * families + family)) == group
      }
      if let place { found.append(UInt32(place % own * families + family)) }
    }
    return found
  }

  /// A part is an operation of its own, in the history as in every figure.
  private mutating func beginPart(
    of query: UInt64, key: UInt32, location: Int, _ coordinator: UInt16?
  ) {
    let process = clients[location].takeProcess(new: &nextProcess)
    var operation = Operation(
      kind: .read, location: UInt8(location), phase: metrics.currentPhase, process: process,
      key: key, invoked: now.nanoseconds, frontier: acknowledged.frontier(key),
      acknowledgedSet: vector.acknowledged(key), value: 0, server: coordinator ?? 0)
    operation.query = query
    metrics.began(
      operation, answerable: isAnswerableNow(.read, key: key, location: location))
    witnessBegin(&operation)
    if settings.path.isThere {
      let handle = beginThroughPath(operation)
      queries.underWay[query].parts.append(handle)
      return
    }
    if settings.client.retries > 0 { prepareRetries(&operation, coordinator, isPinned: false) }
    guard let coordinator else {
      if !triesAgain(operation, .noCoordinator) { fail(operation, .noCoordinator) }
      return
    }
    traces.sent(operation.trace, to: NodeID(coordinator), isCache: false)
    let handle = operations.insert(operation)
    queries.underWay[query].parts.append(handle)
    operationDeadlines.insert(
      due: now.nanoseconds + settings.client.timeout.nanoseconds, handle: handle)
    if settings.client.retries > 0 { expectAttempt(handle) }
  }

  /// At the coordinator: every part is a request like any other, and waits for a server like any other.
  mutating func receiveQuery(_ message: Message, at node: NodeID) {
    guard queries.underWay.contains(message.tag) else { return }
    for handle in queries.underWay[message.tag].parts where operations.contains(handle) {
      acceptRequest(
        messages.insert(
          Message(
            kind: .clientRead, from: message.from, to: message.to,
            handle: operations[handle].trace, tag: handle, key: operations[handle].key)),
        at: node)
    }
  }

  /// A part has ended; the last one ends the query.
  @inline(never)
  mutating func endPart(_ operation: Operation, ok: Bool, hops: Int) {
    let handle = operation.query
    queries.underWay[handle].waiting -= 1
    queries.underWay[handle].hops += hops
    if ok {
      queries.figures.partLatency.record(now.nanoseconds - operation.invoked)
      queries.figures.partsOk += 1
    } else {
      queries.underWay[handle].failed += 1
    }
    queries.figures.parts += 1
    guard queries.underWay[handle].waiting == 0 else { return }
    let query = queries.underWay.remove(handle)
    if query.failed > 0 {
      queries.figures.failed += 1
    } else {
      queries.figures.ok += 1
      queries.figures.hops += query.hops
      queries.figures.groups += query.groups
      queries.figures.latency.record(now.nanoseconds - query.invoked)
    }
  }

  /// An operation on a key of a family has ended.
  @inline(never)
  mutating func countFamily(_ operation: Operation, ok: Bool) {
    guard Int(operation.key) < settings.workload.keys, configuration.trace == nil else { return }
    queries.families[Int(operation.key) % KeyFamily.allCases.count].count(
      ok: ok, phase: operation.phase)
  }
}
