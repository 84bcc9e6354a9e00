// What is left to do when the ring has changed: copies that are nobody's, and nodes that may go.
extension Simulation {
  mutating func scheduleCleanup() {
    cleanupsArmed += 1
    queue.push(
      time: now.nanoseconds + settings.storage.timeout.nanoseconds * 2, kind: .cleanup)
  }

  /// Who is no home of a key any more drops its copy, as Cassandra's `cleanup` does; one that is
  /// newer than a home's is handed to that home first. Who does not run does so once it is back.
  mutating func cleanUp() {
    cleanupsArmed -= 1
    if hasGroups {
      dropForeignCopies()
      return
    }
    let working = NodeSet(
      storageNodes.filter {
        switch hosts[$0.index].state {
        case .up, .left: true
        case .killed, .frozen: false
        }
      })
    for key in 0..<UInt32(keys.count) {
      let homes = homeNodes(of: key)
      let kept = NodeSet(homes + pendingHomes(of: key))
      for node in storageNodes where working.contains(node) && !kept.contains(node) {
        let entry = hosts[node.index].store.get(key)
        guard entry.version != .none else { continue }
        for home in homes where isBehind(hosts[home.index].store.get(key), entry) {
          guard keepHint(entry, key: key, for: home, at: node, always: true) else { return }
        }
        hosts[node.index].store.remove(key)
      }
    }
  }

  /// A drained node leaves once nothing is under way at it, its own hints are delivered and it holds no
  /// copy: a late write may have brought one after the clean-up.
  mutating func retire(_ node: NodeID) {
    let host = hosts[node.index]
    guard host.state == .up, host.hints.isEmpty, host.workers.busy == 0,
      host.coordinators.busy == 0, !coordinates(node)
    else { return }
    guard host.store.count == 0 else {
      if cleanupsArmed == 0 { scheduleCleanup() }
      return
    }
    hosts[node.index].ringRole = .left
    hosts[node.index].state = .left
    hosts[node.index].epoch += 1
    census.leave(members[node.index]!.table, now: now.nanoseconds)
    members[node.index] = nil
    abandonExchange(of: node)
    roster = roster.removing(node)
    for other in storageNodes where other != node {
      let change = members[other.index]?.forget(node, roster: roster, now: now.nanoseconds)
      if let change, hosts[other.index].state == .up { census.note(change) }
    }
    note(.ring, "\(name(node)) has left the cluster")
    topologyChanged()
  }

  /// Whether a request that it took is not over: one that has been answered may still leave a hint.
  private func coordinates(_ node: NodeID) -> Bool {
    var found = false
    coordinations.visit { if $1.coordinator == node.rawValue { found = true } }
    return found
  }
}
