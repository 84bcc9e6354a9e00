import ClusterSim

extension RunReport {
  /// What the three repairs did, each by itself.
  static func repair(_ simulation: Simulation) -> JSONValue {
    let trees = simulation.antiEntropyFigures
    return .object([
      ("read_repairs", .integer(simulation.readRepairs)),
      ("reads_written_back", .integer(simulation.readsWrittenBack)),
      ("hints_stored", .integer(simulation.hintsStored)),
      ("hints_delivered", .integer(simulation.hintsDelivered)),
      ("hints_dropped", .integer(simulation.hintsDropped)),
      ("hints_lost", .integer(simulation.hintsLost)),
      (
        "anti_entropy",
        .object([
          ("exchanges", .integer(trees.exchanges)),
          ("equal", .integer(trees.equal)),
          ("abandoned", .integer(trees.abandoned)),
          ("hashes_compared", .integer(trees.comparisons)),
          ("ranges_different", .integer(trees.ranges)),
          ("keys_compared", .integer(trees.keysCompared)),
          ("keys_sent", .integer(trees.keysSent)),
          ("bytes", .integer(trees.bytes)),
        ])
      ),
    ])
  }

  /// Acknowledged writes that are lost for good, by what took them, and the newest by name.
  static func lostWrites(_ simulation: Simulation) -> JSONValue {
    let lost = simulation.lostWrites
    return .object([
      ("count", .integer(lost.count)),
      (
        "by",
        .object(LostWrite.Cause.allCases.map { ($0.name, .integer(lost.count($0))) })
      ),
      ("unsynced_copies", .integer(simulation.unsyncedWritesLost)),
      ("newest", .array(lost.newest.map { lostWrite($0, simulation) })),
    ])
  }

  /// What vector versions did; null with last-write-wins.
  static func siblings(_ simulation: Simulation) -> JSONValue {
    guard simulation.settings.storage.versions == .vector else { return .null }
    let figures = simulation.siblingFigures
    return .object([
      ("keys_now", .integer(simulation.keysWithSiblings())),
      ("most", .integer(figures.mostSiblings)),
      ("reads", .integer(figures.readsWithSiblings)),
      ("merges", .integer(figures.merges)),
      ("truncations", .integer(figures.truncations)),
    ])
  }

  private static func lostWrite(_ write: LostWrite, _ simulation: Simulation) -> JSONValue {
    func name(_ node: NodeID?) -> JSONValue {
      node.map { .string(simulation.host($0).name) } ?? .null
    }
    return .object([
      ("value", .unsigned(write.value)),
      ("key", .string(write.key)),
      ("coordinator", name(write.coordinator)),
      ("acknowledged", .number(write.acknowledged.seconds)),
      ("lost_at", .number(write.at.seconds)),
      ("cause", .string(write.cause.name)),
      ("lost_to", write.winner.map { .unsigned($0) } ?? .null),
      ("lost_to_coordinator", name(write.winnerCoordinator)),
    ])
  }
}
