import ClusterSim

/// The state of a run in the text format of OpenMetrics 1.0 (github.com/OpenObservability), as
/// Prometheus and its relatives read it.
public enum OpenMetrics {
  /// The whole exposition, ending with `# EOF` and a line feed.
  public static func text(_ simulation: Simulation) -> String {
    var text = MetricText()
    run(simulation, &text)
    clients(simulation, &text)
    caches(simulation, &text)
    nodes(simulation, &text)
    path(simulation, &text)
    return text.finished
  }

  private static func run(_ simulation: Simulation, _ text: inout MetricText) {
    let configuration = simulation.configuration
    text.family("run", .info, "The scenario that was run")
    text.sample(
      "_info", [("scenario", configuration.name), ("seed", "\(configuration.seed)")], 1)
    text.family("virtual_time_seconds", .gauge, unit: "seconds", "Virtual time of the run")
    text.sample("", [], simulation.now.seconds)
    text.family("events", .counter, "Events processed")
    text.sample("_total", [], Double(simulation.eventsProcessed))
    let messages = simulation.messageCounts
    text.family("messages", .counter, "Messages by what became of them; the rest is in flight")
    for (state, count) in [
      ("sent", messages.sent), ("delivered", messages.delivered), ("lost", messages.lost),
    ] {
      text.sample("_total", [("state", state)], Double(count))
    }
    text.family("messages_in_flight", .gauge, "Messages on their way")
    text.sample("", [], Double(messages.inFlight))
    for counter in CounterCatalogue.all {
      text.family(counter.key, .counter, unit: counter.unit, counter.meaning)
      text.sample("_total", [], Double(counter.value(simulation)))
    }
    text.family("replicas_converged", .gauge, "1 where all replicas of every key are equal")
    text.sample("", [], simulation.replicasConverged ? 1 : 0)
  }

  private static func clients(_ simulation: Simulation, _ text: inout MetricText) {
    let groups = zip(simulation.locationNames, simulation.metrics.locations)
    text.family("operations", .counter, "Operations of clients by how they ended")
    for (name, group) in groups {
      for (outcome, count) in [("ok", group.ok), ("fail", group.fail), ("info", group.info)] {
        text.sample("_total", [("location", name), ("outcome", outcome)], Double(count))
      }
    }
    text.family("operation_failures", .counter, "Operations that were not answered, by reason")
    for (name, group) in groups {
      for reason in FailureReason.allCases {
        text.sample(
          "_total", [("location", name), ("reason", reason.name)], Double(group.failures(reason)))
      }
    }
    text.family(
      "operation_latency_seconds", .summary, unit: "seconds",
      "From a client's request to its answer, answered operations only")
    for (name, group) in groups {
      text.summary([("location", name), ("operation", "read")], group.readLatency)
      text.summary([("location", name), ("operation", "write")], group.writeLatency)
    }
    text.family(
      "stale_reads", .counter, "Reads of a value that was replaced before they began, by source")
    for (name, group) in groups {
      text.sample(
        "_total", [("location", name), ("source", "cache")], Double(group.staleFromCache))
      text.sample(
        "_total", [("location", name), ("source", "quorum")], Double(group.staleFromQuorum))
    }
    text.family(
      "staleness_seconds", .summary, unit: "seconds",
      "How long before a stale read its value had been replaced")
    for (name, group) in groups { text.summary([("location", name)], group.staleness) }
    text.family("conflicts", .counter, "Acknowledged writes discarded for a concurrent one")
    for (name, group) in groups {
      text.sample("_total", [("location", name)], Double(group.conflicts))
    }
  }

  private static func caches(_ simulation: Simulation, _ text: inout MetricText) {
    let caches = simulation.cacheServers.indices.map { index in
      let cache = simulation.cache(index)
      return (simulation.host(cache.host).name, cache)
    }
    func counter(_ name: String, _ meaning: String, _ part: (CacheView) -> Int) {
      text.family(name, .counter, meaning)
      for (server, cache) in caches {
        text.sample("_total", [("server", server)], Double(part(cache)))
      }
    }
    counter("cache_hits", "Requests that the cache server answered itself", \.hits)
    counter("cache_misses", "Requests that the cache server took to the store", \.misses)
    counter("cache_evictions", "Objects that left a full cache", \.evictions)
    counter("cache_expirations", "Objects found too old", \.expired)
    counter("cache_invalidations", "Objects dropped because a writer said so", \.invalidated)
    counter("cache_coalesced", "Misses that shared another's fetch", \.coalesced)
    counter("cache_flushes", "Dirty keys sent to the store", \.flushes)
    text.family("cache_dirty", .gauge, "Keys acknowledged and not yet stored")
    for (server, cache) in caches {
      text.sample("", [("server", server)], Double(cache.dirty))
    }
    text.family("cache_objects", .gauge, "Objects in the cache")
    for (server, cache) in caches {
      text.sample("", [("server", server)], Double(cache.objects))
    }
  }

  private static func nodes(_ simulation: Simulation, _ text: inout MetricText) {
    let hosts = simulation.storageNodes.map(simulation.host)
    func gauge(_ name: String, _ meaning: String, _ part: (HostView) -> Double) {
      text.family(name, .gauge, meaning)
      for host in hosts { text.sample("", [("node", host.name)], part(host)) }
    }
    gauge("node_up", "1 where the node really runs") { $0.state == .up ? 1 : 0 }
    gauge("node_keys", "Keys on the node's disk") { Double($0.keys) }
    gauge("node_hints", "Hints that the node keeps for others") { Double($0.hintsHeld) }
    gauge("node_queue", "Requests waiting at the node") { Double($0.queue) }
    gauge("node_ring_share_ratio", "Share of the hash circle that the node owns", \.ringShare)
    text.family("node_messages", .counter, "Messages to and from the node")
    for host in hosts {
      text.sample("_total", [("node", host.name), ("direction", "in")], Double(host.messagesIn))
      text.sample("_total", [("node", host.name), ("direction", "out")], Double(host.messagesOut))
    }
  }
}
