/// The hit ratio that Che's approximation predicts for independent requests (Che, Tung, Wang 2002;
/// for FIFO and RANDOM: Martina, Garetto, Leonardi 2014), where nothing expires or is dropped.
///
/// An object stays for the characteristic time t that solves sum of h(p t) = capacity, with the
/// hit probability h(x) = 1 - e^-x for LRU and x / (1 + x) for FIFO.
public enum CheApproximation {
  /// - Parameters:
  ///   - weights: how often each key is asked for, in any unit; their sum above 0.
  ///   - capacity: objects, at least 1.
  /// - Returns: hits per request, 0 to 1; nil for a policy that it says nothing about.
  public static func hitRatio(
    _ policy: Settings.Policy, weights: [Double], capacity: Int
  ) -> Double? {
    let hit: (Double) -> Double
    switch policy {
    case .lru: hit = { 1 - Elementary.exp(-$0) }
    case .fifo: hit = { $0 / (1 + $0) }
    case .lfu, .clock, .sieve, .s3fifo, .s3fifoLib, .arc: return nil
    }
    let total = weights.reduce(0, +)
    let popularities = weights.filter { $0 > 0 }.map { $0 / total }
    guard capacity < popularities.count else { return popularities.isEmpty ? nil : 1 }
    func filled(_ time: Double) -> Double {
      popularities.reduce(0) { $0 + hit($1 * time) }
    }
    var (low, high) = (0.0, 1.0)
    while filled(high) < Double(capacity), high < 1e300 { (low, high) = (high, high * 2) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if filled(middle) < Double(capacity) { low = middle } else { high = middle }
    }
    return popularities.reduce(0) { $0 + $1 * hit($1 * low) }
  }
}
