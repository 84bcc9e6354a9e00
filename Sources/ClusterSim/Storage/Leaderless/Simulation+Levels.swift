// Consistency levels: whose answers a request waits for. Names and counts are Cassandra's; a read at
// `each_quorum`, which Cassandra refuses, waits for a majority in every location as a write does.
extension Settings.Storage {
  func level(_ kind: Coordination.Kind) -> Settings.Level {
    switch kind {
    case .read: readLevel
    case .write: writeLevel
    }
  }

  /// How many answers a request waits for, where its level does not go by location.
  @inline(__always)
  func answers(_ kind: Coordination.Kind) -> Int? {
    switch kind {
    case .read: readLevel.answers(n: n, count: r)
    case .write: writeLevel.answers(n: n, count: w)
    }
  }
}

// Whoever is asked for every request and may pass the whole simulation on is `mutating`, and its rare
// path apart: the compiler copies a simulation (4.6 kB, 60 counted references) that a reading method
// passes on by value.
extension Simulation {
  /// How many answers a request at this node waits for; 0 where its location has no replica of the
  /// key and the level asks for one.
  func neededAnswers(_ kind: Coordination.Kind, key: UInt32, location: Int) -> Int {
    switch settings.storage.level(kind) {
    case .count, .one, .quorum, .all: return settings.storage.answers(kind)!
    case .localQuorum: return majority(of: key, in: location)
    case .eachQuorum:
      var sum = 0
      for location in clients.indices { sum += majority(of: key, in: location) }
      return sum
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
  mutating func isSatisfied(_ handle: UInt64) -> Bool {
    if coordinations[handle].waitsForEach { return hasMajorities(coordinations[handle]) }
    return coordinations[handle].isSatisfied
  }

  /// Whether a majority in every location has accepted.
  @inline(never)
  private mutating func hasMajorities(_ coordination: Coordination) -> Bool {
    hasMajorities(coordination, coordination.accepted)
  }

  /// Whether so many refused that the level is out of reach.
  @inline(__always)
  mutating func isHopeless(_ handle: UInt64) -> Bool {
    if coordinations[handle].waitsForEach { return !canHaveMajorities(coordinations[handle]) }
    return coordinations[handle].isHopeless
  }

  @inline(never)
  mutating func canHaveMajorities(_ coordination: Coordination) -> Bool {
    hasMajorities(coordination, ~coordination.refusedPlaces)
  }

  /// Whether the counted targets at these places are a majority in every location.
  private mutating func hasMajorities(_ coordination: Coordination, _ places: UInt32) -> Bool {
    for location in clients.indices {
      var count = 0
      for place in 0..<Int(coordination.countedTargets)
      where places >> UInt32(place) & 1 == 1
        && Int(hosts[Int(coordination.targets[place])].location) == location
      {
        count += 1
      }
      if count < majority(of: coordination.key, in: location) { return false }
    }
    return true
  }
}
