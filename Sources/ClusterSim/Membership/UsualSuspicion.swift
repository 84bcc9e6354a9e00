extension Settings.Membership {
  /// Nodes up to which `suspect_after` is as delivered, where nothing is said.
  private static var smallGroup: Int { 20 }

  /// What `suspect_after` is of a cluster of so many nodes where the scenario does not say: 1.5 s with up
  /// to 20, and with more what is needed, if that is longer.
  public func usualSuspectAfter(nodes: Int) -> Span {
    let least = Settings.Membership().suspectAfter
    return nodes > Self.smallGroup ? max(least, neededSuspectAfter(nodes: nodes)) : least
  }

  /// What `suspect_after` has to be among so many nodes with this `fanout`, `gossip_interval` and `packet`
  /// for hardly anybody to be suspected wrongly: `I (2 ln n + 12) / (f q)`, rounded up to 0.1 s.
  ///
  /// How long a counter stands still at a node though its owner runs: in a round the node gets f messages
  /// on average, each speaks of the counter with probability q, and once most have news of it, none
  /// comes for t rounds with probability `e^(-f q t)`. With n^2 pairs, and a spread of ln n / f rounds in
  /// which one may have been told early, in each round some `n^2 ln n e^(-f q t)` are found silent for longer:
  /// six times that where it was measured, with 100 to 1000 nodes and q = 1. The t that leaves `e^-12 ln n`,
  /// so a few wrong suspicions an hour among 1000, grows with log n where a message has room for the
  /// whole table, and with n log n where it has not, as the analysis in van Renesse, Minsky and Hayden,
  /// "A gossip-style failure detection service" (Middleware 1998), finds. In a packet of P entries one half
  /// is the freshest and one from a random place, so `q = 1 - (1 - P / 2n)^2`; else q = 1.
  ///
  /// Loss and ways as long as an interval are not counted: nodes do not know of them beforehand.
  public func neededSuspectAfter(nodes: Int) -> Span {
    let n = Double(max(2, nodes))
    let unsaid = max(0, 1 - Double(packet) / (2 * n))
    let said = nodes <= packet ? 1 : 1 - unsaid * unsaid
    let rounds = (2 * Elementary.log(n) + 12) / (Double(fanout) * said)
    let tenths = (gossipInterval.seconds * rounds * 10).rounded(.up)
    return min(.milliseconds(Int64(min(tenths, 6000)) * 100), SettingCatalogue.timer.upperBound)
  }
}

extension ClusterConfiguration {
  /// `membership.suspect_after` where nobody says: see `Settings.Membership.usualSuspectAfter`.
  public var usualSuspectAfter: Span {
    settings.membership.usualSuspectAfter(nodes: nodes.count)
  }

  var neededSuspectAfter: Span { settings.membership.neededSuspectAfter(nodes: nodes.count) }
}

extension Simulation {
  /// What `membership.suspect_after` has to be with the present settings and so many members as there are.
  public var neededSuspectAfter: Span {
    settings.membership.neededSuspectAfter(
      nodes: storageNodes.reduce(0) { $0 + (isMember($1) ? 1 : 0) })
  }
}
