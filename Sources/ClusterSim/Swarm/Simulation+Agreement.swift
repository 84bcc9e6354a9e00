// What must hold of a whole cluster once it is at rest.
extension Simulation {
  /// Every pair of running members holds each other alive.
  public var membershipsAgree: Bool {
    storageNodes.allSatisfy { observer in
      storageNodes.allSatisfy { subject in
        guard hosts[observer.index].state == .up, hosts[subject.index].state == .up else {
          return true
        }
        return observer == subject || belief(of: observer, about: subject)?.belief == .alive
      }
    }
  }

  /// Sent, delivered, lost and in flight add up, and the last is what is really under way.
  public var messagesBalance: Bool {
    let counts = messageCounts
    return counts.sent == counts.delivered + counts.lost + counts.inFlight
      && counts.inFlight == countMessagesInFlight()
  }
}
