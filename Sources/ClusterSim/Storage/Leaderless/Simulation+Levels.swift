// Consistency levels: whose answers a request waits for. Names and counts are Cassandra's; a read at
// `each_quorum`, which Cassandra refuses, waits for a majority in every location as a write does.
extension Simulation {
  func level(_ kind: Coordination.Kind) -> Settings.Level {
    switch kind {
    case .read: settings.storage.readLevel
    case .write: settings.storage.writeLevel
    }
  }

  /// How many answers a request at this node waits for; 0 where its location has no replica of the
  /// key and the level asks for one.
  @inline(__always)
  func neededAnswers(_ kind: Coordination.Kind, key: UInt32, location: Int) -> Int {
    let level = level(kind)
    switch level {
    case .count: return kind == .read ? settings.storage.r : settings.storage.w
    case .one, .quorum, .all: return level.answers(n: settings.storage.n, count: 0)!
    case .localQuorum: return majority(of: key, in: location)
    case .eachQuorum:
      return clients.indices.reduce(0) { $0 + majority(of: key, in: $1) }
    }
  }

  /// A majority of the key's homes in a location; 0 where it has none.
  func majority(of key: UInt32, in location: Int) -> Int {
    let place = place(of: key)
    var count = 0
    for rank in 0..<min(settings.storage.n, ringMemberCount)
    where Int(hosts[placement.home(at: place, rank: rank).index].location) == location {
      count += 1
    }
    return count == 0 ? 0 : count / 2 + 1
  }

  /// Whether so many nodes that are homes of the key, those of `side`, meet the level.
  func meets(
    _ level: Settings.Level, _ kind: Coordination.Kind, key: UInt32, side: NodeSet, from entry: Int
  ) -> Bool {
    let place = place(of: key)
    func found(in location: Int?) -> Int {
      (0..<min(settings.storage.n, ringMemberCount)).count {
        let home = placement.home(at: place, rank: $0)
        return side.contains(home)
          && (location == nil || Int(hosts[home.index].location) == location)
      }
    }
    switch level {
    case .count, .one, .quorum, .all:
      return found(in: nil) >= neededAnswers(kind, key: key, location: entry)
    case .localQuorum:
      let needed = majority(of: key, in: entry)
      return needed > 0 && found(in: entry) >= needed
    case .eachQuorum:
      return clients.indices.allSatisfy { found(in: $0) >= majority(of: key, in: $0) }
    }
  }

  /// The homes of the coordinator's location, which count; a write goes to the others as well.
  mutating func chooseLocalHomes(_ coordination: inout Coordination, at node: NodeID) {
    let homes = homeNodes(of: coordination.key).filter {
      members[node.index]!.table.isNotDead($0)
    }
    let here = hosts[node.index].location
    for home in homes where hosts[home.index].location == here {
      coordination.add(target: home, meantFor: home, counts: true)
    }
    guard coordination.kind == .write else { return }
    for home in homes where hosts[home.index].location != here {
      coordination.add(target: home, meantFor: home, counts: false)
    }
  }

  /// Whether the answers that are here are enough.
  @inline(__always)
  func isSatisfied(_ coordination: Coordination) -> Bool {
    guard coordination.waitsForEach else { return coordination.isSatisfied }
    return clients.indices.allSatisfy { location in
      counted(coordination, in: location) { coordination.hasAccepted($0) }
        >= majority(of: coordination.key, in: location)
    }
  }

  /// Whether so many refused that the level is out of reach.
  func isHopeless(_ coordination: Coordination) -> Bool {
    guard coordination.waitsForEach else { return coordination.isHopeless }
    return !clients.indices.allSatisfy { location in
      counted(coordination, in: location) { !coordination.hasRefused($0) }
        >= majority(of: coordination.key, in: location)
    }
  }

  private func counted(
    _ coordination: Coordination, in location: Int, _ isIncluded: (Int) -> Bool
  ) -> Int {
    (0..<Int(coordination.countedTargets)).count {
      Int(hosts[Int(coordination.targets[$0])].location) == location && isIncluded($0)
    }
  }
}
