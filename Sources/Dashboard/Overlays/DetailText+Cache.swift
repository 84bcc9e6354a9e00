import CellUI
import ClusterSim

extension DetailText {
  static func cache(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    guard scene.simulation.cacheServers.indices.contains(index) else { return }
    let cache = scene.simulation.cache(index)
    let truth = Words.truth(scene.simulation.host(cache.host), .ascii)
    writer.pair("truly", truth.word, truth.style)
    writer.pair(
      "policy", scene.settings.cache.policy.rawValue + ", ttl \(scene.settings.cache.ttl)")
    writer.pair("objects", "\(cache.objects) of \(cache.capacity)")
    writer.pair("hit ratio", "\(Figure.percent(cache.hitRatio))% since the start")
    writer.pair("hits, misses", "\(cache.hits), \(cache.misses)")
    cacheWrites(cache, scene, &writer)
    writer.pair("evicted", "\(cache.evictions)")
    writer.pair("expired", "\(cache.expired)")
    writer.pair("dropped by writes", "\(cache.invalidated)")
    writer.add("")
    writer.add(
      "With this panel focused K, S and L act on the cache server; its loss sends its load to the "
        + "store.", .dim)
  }

  /// What the mode is, what hangs on the server's life, and what its ratio could be.
  private static func cacheWrites(
    _ cache: CacheView, _ scene: Scene, _ writer: inout LineWriter
  ) {
    let mode = scene.settings.cache.mode
    writer.pair("mode", mode.rawValue + ": " + mode.meaning)
    if mode == .writeBack || cache.dirty > 0 {
      writer.pair(
        "dirty", "\(cache.dirty) keys, lost if it dies; \(cache.flushes) flushed so far",
        Style(cache.dirty > 0 ? .warning : .text))
      writer.pair("lost so far", "\(scene.simulation.writesLostWithCaches) acknowledged writes")
    }
    writer.pair("shared fetches", "\(cache.coalesced) misses waited for another's")
    writer.pair("kept too late", "\(cache.staleFills) objects, older than an acknowledged write")
    guard let place = scene.simulation.cacheServers.firstIndex(of: cache.host) else { return }
    if scene.settings.cache.servers > 1 {
      writer.pair("open requests", "\(scene.simulation.openRequests(atCache: place)) now")
      writer.pair(
        "overflowed", "\(scene.simulation.cacheOverflows) requests went past a full server")
    }
    let outlook = scene.simulation.cacheOutlook(place)
    writer.pair(
      "last \(outlook.requests)",
      "hit \(Figure.percent(outlook.ratio))%; who knows the future: at most "
        + "\(Figure.percent(outlook.optimum))%")
    writer.pair(
      "Che predicts",
      "LRU \(Figure.percent(outlook.lru))%, FIFO \(Figure.percent(outlook.fifo))% if nothing "
        + "expires or is dropped")
  }
}
