import ClusterSim

/// Hit ratios of the cache servers, by Che's approximation.
enum CachePrediction {
  /// Servers that are looked at.
  private static let most = 8

  static func of(_ simulation: Simulation) -> [Prediction] {
    guard simulation.settings.cache.enabled else { return [] }
    return simulation.cacheServers.indices.prefix(most).map { server($0, simulation) }
  }

  private static func server(_ index: Int, _ simulation: Simulation) -> Prediction {
    let cache = simulation.settings.cache
    let view = simulation.cache(index)
    let name = simulation.host(view.host).name
    let outlook = simulation.cacheOutlook(index)
    let predicted: Double? =
      switch cache.policy {
      case .lru: outlook.lru
      case .fifo: outlook.fifo
      case .lfu, .clock, .sieve, .s3fifo, .s3fifoLib, .arc: nil
      }
    return Prediction(
      name: "hit_ratio_\(name)", title: "hit ratio of \(name)", unit: .share,
      measured: outlook.ratio, predicted: predicted,
      formula: cache.policy == .fifo
        ? "t from sum of p t / (1 + p t) = size; hits = sum of p (p t / (1 + p t))"
        : "t from sum of 1 - e^(-p t) = size; hits = sum of p (1 - e^(-p t))",
      source: "Che, Tung, Wang 2002; FIFO: Martina, Garetto, Leonardi 2014",
      inputs: [
        "policy \(cache.policy.rawValue), \(cache.capacity) objects; the last \(outlook.requests) "
          + "requests",
        "best that foresight could do on them: \(Prediction.Unit.share.text(outlook.optimum))",
      ],
      assumptions: [
        .init("the policy is lru or fifo", predicted != nil),
        .init("nothing expires", view.expired == 0),
        .init("writers drop nothing", view.invalidated == 0),
        .init("the cache is full or holds every key", isWarm(view, simulation)),
        .init("requests are independent of one another", true),
      ],
      caveat: "What expires or is dropped by a write misses once more, so that the measured ratio "
        + "is lower; the window also has the requests of the first warming up.")
  }

  private static func isWarm(_ cache: CacheView, _ simulation: Simulation) -> Bool {
    cache.objects >= min(cache.capacity, simulation.settings.workload.keys)
  }
}
