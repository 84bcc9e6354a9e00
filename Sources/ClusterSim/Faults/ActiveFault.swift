/// A fault with what it does to whom, so that its clock can be read off the nodes' beliefs.
struct ActiveFault {
  /// What the fault does to the running cluster.
  enum Effect {
    /// The host does not run: killed or frozen.
    case down(NodeID)
    /// Every host of a location is down.
    case outage([NodeID])
    /// Rules on links, kept by `Network` under the fault's number.
    case links([LinkRule])
    /// It runs, but slower or not answering requests.
    case degraded(NodeID)
    /// More load for a while.
    case load
  }
  var clock: FaultClock
  let effect: Effect
  /// The pair of observer and subject that last stood in the way of agreement.
  var undecided = 0

  /// Whether the fault keeps `subject`'s heartbeats from `observer`.
  func hides(_ subject: NodeID, from observer: NodeID) -> Bool {
    switch effect {
    case .down(let host): host == subject
    case .outage(let hosts): hosts.contains(subject)
    case .links(let rules):
      rules.contains { $0.effect == .cut && $0.covers(subject, observer) }
    case .degraded, .load: false
    }
  }

  /// Whether the fault makes detection expected at all.
  var isDetectable: Bool {
    switch effect {
    case .down, .outage: true
    case .links(let rules): rules.contains { $0.effect == .cut }
    case .degraded, .load: false
    }
  }
}
