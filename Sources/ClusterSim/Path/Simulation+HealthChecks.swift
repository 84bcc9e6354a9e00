// A balancer finds out which web servers to use: by probes of its own, and by nothing else.
extension Simulation {
  /// Probes every web server of the location, and looks at the outcome when the time for it is over.
  mutating func checkHealth(_ balancer: NodeID, epoch: UInt32) {
    guard epoch == hosts[balancer.index].epoch, hosts[balancer.index].state == .up else { return }
    guard settings.path.checks else {
      // They may be turned on while it runs.
      wake(balancer, .healthRound, after: Self.lookAgain)
      return
    }
    wake(balancer, .healthRound, after: settings.path.checkInterval.nanoseconds)
    let location = Int(hosts[balancer.index].location)
    let round = tier.balancers[location].beginRound()
    for server in tier.balancers[location].servers {
      send(
        Message(
          kind: .probe, from: balancer.rawValue, to: server.host.rawValue, tag: UInt64(round)))
    }
    queue.push(
      time: now.nanoseconds + settings.path.checkTimeout.nanoseconds, kind: .healthDue,
      node: balancer.rawValue, a: epoch, b: UInt64(round))
  }

  private static var lookAgain: Int64 { 500_000_000 }

  /// A probe comes. By `path.health.probe` it needs a worker, though no time of it: then it waits in
  /// the line like a request, and a full line swallows it.
  mutating func acceptProbe(_ handle: UInt64, at host: NodeID) {
    let path = settings.path
    switch path.probe {
    case .process: answerProbe(handle)
    case .worker:
      let line = hosts[host.index].workers.waiting.count
      if !hosts[host.index].gray, line == 0, hosts[host.index].workers.busy < path.workers {
        answerProbe(handle)
      } else if !hosts[host.index].gray, line < path.queue {
        hosts[host.index].workers.wait(handle, at: now.nanoseconds)
      } else {
        messages.remove(handle)
      }
    }
  }

  mutating func answerProbe(_ handle: UInt64) {
    let probe = messages.remove(handle)
    send(Message(kind: .probeAnswer, from: probe.to, to: probe.from, tag: probe.tag))
  }

  /// A web server answered a probe; one that was judged already is too late.
  mutating func notePassed(_ answer: Message) {
    let location = Int(hosts[Int(answer.to)].location)
    guard
      let place = tier.balancers[location].servers.firstIndex(where: {
        $0.host.rawValue == answer.from
      })
    else { return }
    let round = UInt32(truncatingIfNeeded: answer.tag)
    if tier.balancers[location].pass(place, round: round, needed: settings.path.healthy) {
      note(
        .path,
        "\(name(NodeID(answer.to))) uses \(name(NodeID(answer.from))) again, "
          + "\(settings.path.healthy) probes were answered")
      noteTrafficMoved()
    }
  }

  /// The time of a round of probes is over.
  mutating func judgeHealth(_ balancer: NodeID, epoch: UInt32, round: UInt32) {
    guard epoch == hosts[balancer.index].epoch, hosts[balancer.index].state == .up,
      settings.path.checks
    else { return }
    let location = Int(hosts[balancer.index].location)
    for place in tier.balancers[location].servers.indices {
      let silent = tier.balancers[location].servers[place].sinceAnswer
      guard
        tier.balancers[location].fail(place, round: round, needed: settings.path.unhealthy)
      else { continue }
      let server = tier.balancers[location].servers[place].host
      note(
        .path,
        "\(name(balancer)) leaves \(name(server)) out, \(settings.path.unhealthy) probes failed; "
          + "\(silent) requests went there since it last answered")
      noteTrafficMoved()
    }
  }

  /// Settings of the path changed.
  mutating func changePath(_ old: Settings.Path) {
    if old.checks, !settings.path.checks {
      for location in tier.balancers.indices { tier.balancers[location].forget() }
    }
    for server in webServers where hosts[server.index].state == .up { startWaiting(at: server) }
  }
}
