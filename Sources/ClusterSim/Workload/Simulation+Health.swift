// What the clients of a location know of the servers: only what their own pings tell.
extension Simulation {
  /// A server is there by configuration and counts as up until pings stay away.
  mutating func learnServer(_ server: NodeID, location: Int) {
    while clients[location].lastPong.count <= server.index {
      clients[location].lastPong.append(now.nanoseconds)
      clients[location].isUp.append(true)
    }
  }

  /// One round: judges by the answers so far, then pings every storage node and the own caches.
  mutating func pingServers(location: Int) {
    let host = clients[location].host
    let limit = now.nanoseconds - settings.client.downAfter.nanoseconds
    for server in pinged(by: location) {
      let silent = clients[location].lastPong[server.index] < limit
      if silent, clients[location].isUp[server.index] { changeServer(server, location, up: false) }
      send(Message(kind: .ping, from: host.rawValue, to: server.rawValue))
    }
    queue.push(
      time: now.nanoseconds + settings.client.pingInterval.nanoseconds, kind: .pingRound,
      a: UInt32(location))
  }

  func pinged(by location: Int) -> [NodeID] {
    storageNodes.filter { hosts[$0.index].ringRole != .left } + clients[location].caches
  }

  mutating func receivePong(_ message: Message) {
    let location = Int(hosts[Int(message.to)].location)
    let server = NodeID(message.from)
    clients[location].lastPong[server.index] = now.nanoseconds
    if !clients[location].isUp[server.index] { changeServer(server, location, up: true) }
  }

  private mutating func changeServer(_ server: NodeID, _ location: Int, up: Bool) {
    clients[location].isUp[server.index] = up
    note(
      .client,
      "clients in \(configuration.locations[location].name) "
        + (up ? "use \(name(server)) again" : "leave \(name(server)) out, it answers no ping"))
    chooseCoordinators(location: location)
    noteTrafficMoved()
  }

  /// Storage nodes of the own location that answer, else any that answer.
  mutating func chooseCoordinators(location: Int) {
    let usable = storageNodes.filter {
      clients[location].isUp[$0.index] && serves($0)
    }
    let near = usable.filter { Int(hosts[$0.index].location) == location }
    clients[location].coordinators = ContiguousArray((near.isEmpty ? usable : near).map(\.rawValue))
  }

  /// Takes requests: on the ring, not just joining.
  func serves(_ node: NodeID) -> Bool {
    switch hosts[node.index].ringRole {
    case .member: true
    case .leaving: !hosts[node.index].isDrained
    case .joining, .left, .none: false
    }
  }

  /// Faults for which the last client has turned away.
  mutating func noteTrafficMoved() {
    for index in activeFaults.indices where activeFaults[index].clock.trafficMoved == nil {
      let fault = activeFaults[index]
      guard fault.isDetectable else { continue }
      let moved = clients.indices.allSatisfy { location in
        pinged(by: location).allSatisfy { server in
          !clients[location].isUp[server.index]
            || !fault.hides(server, from: clients[location].host)
        }
      }
      if moved, pathAvoids(fault) { activeFaults[index].clock.trafficMoved = now }
    }
  }
}
