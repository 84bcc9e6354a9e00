import ClusterSim
import Scenarios

extension Command {
  static let verifyLessons = Command(
    "verify-lessons", operands: "[ID...]", count: 0...1000,
    "Plays lessons without a learner: the taught action must complete them, nothing else may",
    options: [],
    notes: "ID is a built-in lesson or a lesson's file; all built-in ones without it.\n"
      + "It exits with 1 where a lesson does not hold.",
    run: { arguments throws(Failure) in
      var entries: [LessonShelf.Entry] = []
      for id in arguments.operands { entries.append(try LessonShelf.find(id)) }
      if entries.isEmpty { entries = try LessonShelf.all() }
      var allHold = true
      for entry in entries where try !verify(entry) { allHold = false }
      return allHold ? ExitCode.done : ExitCode.doesNotHold
    })

  /// Plays one lesson and prints its trials; true where all came out as they must.
  private static func verify(_ entry: LessonShelf.Entry) throws(Failure) -> Bool {
    let proof: LessonProof?
    do { proof = try LessonProof(entry.scenario) } catch {
      throw Failure("\(entry.id): \(error.message)")
    }
    guard let proof else { return true }
    try Descriptor.print("\(entry.id): \(proof.holds ? "holds" : "DOES NOT HOLD")\n")
    for trial in proof.trials { try Descriptor.print("  \(trial.text)\n") }
    return proof.holds
  }
}
