/// What asynchronous shipping costs, by Little's law: writes in flight are rate times delay.
public struct ReplicaForecast: Sendable, Equatable {
  /// Writes a second of one group, on average.
  public let writesPerGroup: Double
  /// Acknowledged writes that one failover of a group loses.
  public let lost: Double
  /// From a primary's write to its copy at a replica, mean, s.
  public let lag: Double
  /// Share of all reads that find a value which an acknowledged write had replaced.
  public let stale: Double
}

extension Simulation {
  /// Nil with another engine.
  public var replicaForecast: ReplicaForecast? {
    guard let replication, !replication.groups.isEmpty else { return nil }
    let workload = settings.workload
    let writes = workload.rate * burst * (1 - workload.readShare)
    let perGroup = writes / Double(replication.groups.count)
    let isAsync = settings.replication.mode == .async
    let ship = isAsync ? settings.replication.shipDelay.seconds : 0
    let way = meanWay
    let work =
      (settings.host.writeService.mean
        + (settings.storage.fsync ? settings.host.syncService.mean : 0)) / 1e9
    let lag = ship + way + work
    // From the primary's write to the client's answer, and from the next call to the replica's answer.
    let ways = 2 * (way + meanClientWay) + settings.host.readService.mean / 1e9
    let window = max(0, lag - ways)
    var stale = 0.0
    for key in 0..<min(sampler.count, 20_000) {
      let share = sampler.probability(of: key)
      stale += share * (1 - Elementary.exp(-writes * share * window))
    }
    return ReplicaForecast(
      writesPerGroup: perGroup, lost: perGroup * ship, lag: lag,
      stale: settings.replication.reads == .any ? stale * shareOfReplicas : 0)
  }

  /// Share of reads that go to a replica, not to the primary: over coordinators in use and groups.
  private var shareOfReplicas: Double {
    let whole = clients.reduce(0) { $0 + $1.weight }
    var share = 0.0
    for group in clients where !group.coordinators.isEmpty {
      var own = 0.0
      for coordinator in group.coordinators {
        for servers in replication!.groups {
          let hosts = servers.servers.map { replication!.servers[$0] }
          let isReplica: Double
          if let here = hosts.first(where: { $0.host.rawValue == coordinator }) {
            isReplica = here.node.role == .primary ? 0 : 1
          } else {
            isReplica =
              Double(hosts.count { $0.node.role != .primary }) / Double(max(1, hosts.count))
          }
          own += isReplica
        }
      }
      share +=
        own / Double(group.coordinators.count * replication!.groups.count)
        * group.weight / whole
    }
    return share
  }

  /// One way between two members of the ring, mean over the pairs, s; nothing to itself.
  private var meanWay: Double {
    let nodes = storageNodes.filter { hosts[$0.index].ringRole == .member }
    guard !nodes.isEmpty else { return 0 }
    var sum = 0.0
    for one in nodes {
      for other in nodes where other != one {
        sum += way(hosts[one.index].location == hosts[other.index].location)
      }
    }
    return sum / Double(nodes.count * nodes.count)
  }

  /// One way between clients and the coordinators they use, mean, s.
  private var meanClientWay: Double {
    let whole = clients.reduce(0) { $0 + $1.weight }
    return clients.indices.reduce(0) { sum, location in
      let near = clients[location].coordinators.count {
        Int(hosts[Int($0)].location) == location
      }
      let count = max(1, clients[location].coordinators.count)
      let mean = (Double(near) * way(true) + Double(count - near) * way(false)) / Double(count)
      return sum + mean * clients[location].weight / whole
    }
  }

  private func way(_ isNear: Bool) -> Double {
    isNear
      ? settings.network.local.seconds + settings.network.localJitter.mean / 1e9
      : settings.network.between.seconds + settings.network.betweenJitter.mean / 1e9
  }
}
