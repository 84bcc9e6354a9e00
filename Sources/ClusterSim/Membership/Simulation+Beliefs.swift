// What is watched of the nodes' beliefs from outside.
extension Simulation {
  /// Looks at what `node` changed its mind about: clocks of faults, log, false suspicions. The log
  /// takes the first node that thinks so and the moment when all do, not every one between.
  mutating func observe(by node: NodeID) {
    if changes.isEmpty { return }
    // Taken out, because logging and clocks change the simulation while they are read.
    let seen = changes
    for change in seen {
      census.note(change)
      switch change.to {
      case .suspect: sawSuspicion(of: change.subject, by: node)
      case .dead: sawDeath(of: change.subject, by: node)
      case .alive:
        sawReturn(of: change.subject, by: node)
        armHintDrain(node)
      case .left: break
      }
    }
  }

  private mutating func sawReturn(of subject: NodeID, by observer: NodeID) {
    let others = otherObservers(than: observer, of: subject)
    let doubting = census.suspecting(subject) + census.holdingDead(subject)
    if doubting == others, others > 0 {
      note(.membership, "\(name(observer)) is the first to see \(name(subject)) alive again")
    } else if doubting == 0 {
      note(.membership, "every running node sees \(name(subject)) alive again")
    }
  }

  /// Running members beside these two.
  private func otherObservers(than observer: NodeID, of subject: NodeID) -> Int {
    let subjectRuns = hosts[subject.index].state == .up && members[subject.index] != nil
    return census.observers - 1 - (subjectRuns ? 1 : 0)
  }

  func name(_ node: NodeID) -> String { hosts[node.index].name }

  private mutating func sawSuspicion(of subject: NodeID, by observer: NodeID) {
    // The observer is counted already.
    if census.suspecting(subject) + census.holdingDead(subject) == 1 {
      note(.membership, "\(name(observer)) is the first to suspect \(name(subject))")
    }
    var expected = false
    for index in activeFaults.indices
    where activeFaults[index].hides(subject, from: observer) {
      expected = true
      if activeFaults[index].clock.firstSuspicion == nil {
        activeFaults[index].clock.firstSuspicion = now
      }
    }
    if expected || hosts[subject.index].state != .up { return }
    falseSuspicions += 1
    for index in activeFaults.indices { activeFaults[index].clock.falseSuspicions += 1 }
  }

  private mutating func sawDeath(of subject: NodeID, by observer: NodeID) {
    if census.holdingDead(subject) == 1 {
      note(.membership, "\(name(observer)) is the first to hold \(name(subject)) dead")
    }
    for index in activeFaults.indices
    where activeFaults[index].clock.agreement == nil
      && activeFaults[index].hides(subject, from: observer) && agreed(index)
    {
      activeFaults[index].clock.agreement = now
      note(
        .membership,
        "all live nodes agree on \(activeFaults[index].clock.action.text) after "
          + Self.seconds(now - activeFaults[index].clock.at))
    }
  }

  static func seconds(_ span: Span) -> String {
    let tenths = (span.nanoseconds + 50_000_000) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// Whether every running node holds everybody dead whom the fault hides from it. Looks first at
  /// the pair that said no the last time: a fault that hides half from half has n squared of them.
  private mutating func agreed(_ fault: Int) -> Bool {
    let count = storageNodes.count
    var pair = activeFaults[fault].undecided % (count * count)
    // Every row once, and the front of the first again.
    for _ in 0...count {
      let observer = storageNodes[pair / count]
      let end = (pair / count + 1) * count
      if hosts[observer.index].state == .up, let table = members[observer.index]?.table {
        while pair < end {
          let subject = storageNodes[pair % count]
          if subject != observer, isMember(subject), table.belief(subject) != .dead,
            activeFaults[fault].hides(subject, from: observer)
          {
            activeFaults[fault].undecided = pair
            return false
          }
          pair += 1
        }
      }
      pair = end == count * count ? 0 : end
    }
    return true
  }
}
