import ClusterSim

/// Keys placed one by one, before and after nodes came or went, and what was counted.
struct RingTally {
  let before: Placement
  let after: Placement?
  private let replicas: Int
  private(set) var bounded: BoundedLoads?
  private var boundedAfter: BoundedLoads?
  /// With bounds, the owner of each key that has come, by the key's number, before and after.
  private var placed: ContiguousArray<UInt32> = []
  private var placedAfter: ContiguousArray<UInt32> = []
  /// Keys that were counted: with bounds each once, else as often as they came.
  private(set) var count = 0
  /// How often keys came.
  private(set) var lines = 0
  /// For each node before: keys it owns, and copies it holds.
  private(set) var owned: [Int]
  private(set) var copies: [Int]
  private(set) var moves: PlacementMoves?
  private var owners: [Int] = []
  private var ownersAfter: [Int] = []
  private let names: [[UInt8]]
  private let namesAfter: [[UInt8]]

  /// - Parameters:
  ///   - bound: the factor of bounded loads, which `keys` different keys will come for.
  init(_ before: Placement, _ after: Placement?, replicas: Int, bound: Double?, keys: Int) {
    self.before = before
    self.after = after
    self.replicas = replicas
    owned = Array(repeating: 0, count: before.nodes.count)
    copies = owned
    names = before.nodes.map { Array($0.name.utf8) }
    namesAfter = after?.nodes.map { Array($0.name.utf8) } ?? []
    if let after { moves = PlacementMoves(from: before, to: after) }
    if let bound {
      bounded = BoundedLoads(before, factor: bound, keys: keys)
      boundedAfter = after.flatMap { BoundedLoads($0, factor: bound, keys: keys) }
    }
  }

  mutating func place(_ key: KeyBytes) {
    lines += 1
    count += 1
    before.owners(of: key, count: replicas, into: &owners)
    after?.owners(of: key, count: replicas, into: &ownersAfter)
    tally()
  }

  /// Places a key within the bounds; one that has come before keeps its owner and counts no more.
  ///
  /// - Parameter number: of the key among the different ones, in the order of first appearance.
  mutating func placeWithinBounds(_ key: KeyBytes, number: Int) {
    lines += 1
    before.owners(of: key, count: replicas, into: &owners)
    after?.owners(of: key, count: replicas, into: &ownersAfter)
    if number < placed.count {
      BoundedLoads.lead(Int(placed[number]), &owners)
      if after != nil { BoundedLoads.lead(Int(placedAfter[number]), &ownersAfter) }
      return
    }
    count += 1
    bounded?.place(key, &owners)
    placed.append(UInt32(owners[0]))
    if after != nil {
      boundedAfter?.place(key, &ownersAfter)
      placedAfter.append(UInt32(ownersAfter[0]))
    }
    tally()
  }

  private mutating func tally() {
    owned[owners[0]] += 1
    for node in owners { copies[node] += 1 }
    moves?.note(owners, ownersAfter)
  }

  /// The key that was placed last, as one line of JSON.
  func writeJSON(_ key: KeyBytes, to output: inout OutputBuffer) {
    output.append(#"{"key": "#)
    output.appendQuoted(key)
    output.append(#", "owners": "#)
    writeList(owners, names, to: &output)
    if after != nil {
      output.append(#", "owners_after": "#)
      writeList(ownersAfter, namesAfter, to: &output)
    }
    output.append("}\n")
  }

  private func writeList(_ list: [Int], _ names: [[UInt8]], to output: inout OutputBuffer) {
    output.append("[")
    for (rank, node) in list.enumerated() {
      if rank > 0 { output.append(", ") }
      names[node].withUnsafeBytes { output.appendQuoted($0) }
    }
    output.append("]")
  }

  /// The key that was placed last, as one line for people.
  func writeText(_ key: KeyBytes, to output: inout OutputBuffer) {
    output.appendVisible(key)
    output.append("\t")
    writeWords(owners, names, to: &output)
    if after != nil && owners.map({ names[$0] }) != ownersAfter.map({ namesAfter[$0] }) {
      output.append(" -> ")
      writeWords(ownersAfter, namesAfter, to: &output)
    }
    output.append("\n")
  }

  private func writeWords(_ list: [Int], _ names: [[UInt8]], to output: inout OutputBuffer) {
    for (rank, node) in list.enumerated() {
      if rank > 0 { output.append(" ") }
      output.append(names[node])
    }
  }
}
