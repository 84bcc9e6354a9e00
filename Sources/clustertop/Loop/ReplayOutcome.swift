/// How a replayed recording ended.
struct ReplayOutcome {
  /// The state hash of the recording; nil where it states none.
  let recorded: String?
  let reached: String
  /// What was done in the recording and refused here.
  let refused: String?

  var matches: Bool { refused == nil && recorded == reached }
  /// False also where there is nothing to compare with.
  var isOther: Bool { refused != nil || (recorded != nil && recorded != reached) }

  var text: String {
    if let refused { return "the replay is not the recording: refused: \(refused)" }
    guard let recorded else { return "the end of the recording, which states no state hash" }
    return matches
      ? "the end of the recording: state hash \(reached) matches"
      : "the replay is not the recording: state hash \(reached), recorded \(recorded)"
  }
}
