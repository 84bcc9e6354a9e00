/// The links from one location's storage nodes to another's (or among its own), one way, as they are
/// installed now.
public struct LinksView: Sendable, Equatable {
  /// Ordered pairs of nodes.
  public let pairs: Int
  /// Pairs between which nothing passes in this direction.
  public let cut: Int
  /// Pairs that pass with loss, delay, doubling or reordering.
  public let disturbed: Int
  /// One-way latency without faults, ns: base and mean jitter; nil where a published fit takes the
  /// place of links.
  public let latency: Double?
  /// The most that a rule adds, ns.
  public let added: Int64

  public var isWhole: Bool { cut == 0 && disturbed == 0 }
}

extension Simulation {
  /// The links from the nodes of location `from` to those of location `to`, by their indices.
  public func links(from: Int, to: Int) -> LinksView {
    let senders = present(in: from)
    let receivers = present(in: to)
    let all = NodeSet(receivers)
    var cut = 0
    var disturbed = 0
    var added: Int64 = 0
    for sender in network.rules.isEmpty ? [] : senders {
      var severed = NodeSet()
      var troubled = NodeSet()
      var delay: Int64 = 0
      for rule in network.rules where rule.from.contains(sender) {
        let hit = rule.to.intersection(all).subtracting([sender])
        guard !hit.isEmpty else { continue }
        switch rule.effect {
        case .cut: severed.formUnion(hit)
        case .delay(let time):
          troubled.formUnion(hit)
          delay += time
        case .lossy, .duplicate, .reorder: troubled.formUnion(hit)
        }
      }
      cut += severed.count
      disturbed += troubled.subtracting(severed).count
      added = max(added, delay)
    }
    let own = from == to ? senders.count : 0
    return LinksView(
      pairs: senders.count * receivers.count - own, cut: cut, disturbed: disturbed,
      latency: latency(from, to), added: added)
  }

  private func present(in location: Int) -> [NodeID] {
    storageNodes.filter {
      Int(hosts[$0.index].location) == location && hosts[$0.index].state != .left
    }
  }

  private func latency(_ from: Int, _ to: Int) -> Double? {
    guard settings.network.replicaDelays == .links else { return nil }
    let network = settings.network
    return from == to
      ? Double(network.local.nanoseconds) + network.localJitter.mean
      : Double(network.between.nanoseconds) + network.betweenJitter.mean
  }
}
