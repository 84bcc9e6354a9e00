/// M/M/c: Poisson arrivals, exponential service, c servers, one line without bound (Erlang 1917).
public enum WaitingLine {
  /// The probability that an arrival waits (Erlang C).
  ///
  /// - Parameter load: arrivals per mean service time, below `servers`.
  public static func waits(load: Double, servers: Int) -> Double {
    // Erlang B by its recursion, which does not overflow, and C from B.
    var blocked = 1.0
    for server in 1...servers {
      blocked = load * blocked / (Double(server) + load * blocked)
    }
    let utilization = load / Double(servers)
    return blocked / (1 - utilization * (1 - blocked))
  }

  /// The mean wait in units of the mean service time; nil where the line grows without end.
  public static func meanWait(load: Double, servers: Int) -> Double? {
    guard load < Double(servers) else { return nil }
    return waits(load: load, servers: servers) / (Double(servers) - load)
  }
}
