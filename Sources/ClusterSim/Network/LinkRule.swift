/// Something installed on links, one way: from any host of one set to any of another.
struct LinkRule {
  enum Effect: Equatable {
    case cut
    /// Lost with this share.
    case lossy(Double)
    /// Takes so much longer, ns.
    case delay(Int64)
    /// Datagrams arrive twice with this share.
    case duplicate(Double)
    /// Datagrams are held back by up to so much, ns.
    case reorder(Int64)
  }
  /// The fault that installed it; healing that fault removes it.
  let fault: Int
  let from: NodeSet
  let to: NodeSet
  let effect: Effect

  @inline(__always)
  func covers(_ sender: NodeID, _ receiver: NodeID) -> Bool {
    from.contains(sender) && to.contains(receiver)
  }
}

/// The installed topology. Rules compose: removing one leaves the others.
struct Network {
  private(set) var rules: [LinkRule] = []

  mutating func install(_ rule: LinkRule) { rules.append(rule) }

  /// Removes the rules of a fault.
  mutating func heal(fault: Int) { rules.removeAll { $0.fault == fault } }

  /// Whether messages from `sender` to `receiver` are cut off now.
  @inline(__always)
  func isCut(_ sender: NodeID, _ receiver: NodeID) -> Bool {
    !rules.isEmpty && isCutByRule(sender, receiver)
  }

  @inline(never)
  private func isCutByRule(_ sender: NodeID, _ receiver: NodeID) -> Bool {
    rules.contains { $0.effect == .cut && $0.covers(sender, receiver) }
  }

  /// Draws whether a message is lost on the way, by the rules and the general loss.
  @inline(__always)
  func loses(
    _ sender: NodeID, _ receiver: NodeID, general: Double, _ stream: inout RandomStream
  ) -> Bool {
    if general > 0, stream.unit() < general { return true }
    for rule in rules {
      if case .lossy(let share) = rule.effect, rule.covers(sender, receiver),
        stream.unit() < share
      {
        return true
      }
    }
    return false
  }

  /// What the rules add to a message's latency, ns; a stream keeps its order, datagrams need not.
  func delay(
    _ sender: NodeID, _ receiver: NodeID, datagram: Bool, _ stream: inout RandomStream
  ) -> Int64 {
    var delay: Int64 = 0
    for rule in rules where rule.covers(sender, receiver) {
      switch rule.effect {
      case .delay(let time): delay += time
      case .reorder(let most) where datagram: delay += Int64(stream.below(Int(most) + 1))
      case .reorder, .cut, .lossy, .duplicate: break
      }
    }
    return delay
  }

  /// Draws whether a datagram arrives twice.
  func duplicates(
    _ sender: NodeID, _ receiver: NodeID, _ stream: inout RandomStream
  ) -> Bool {
    rules.contains { rule in
      if case .duplicate(let share) = rule.effect, rule.covers(sender, receiver) {
        return stream.unit() < share
      }
      return false
    }
  }
}
