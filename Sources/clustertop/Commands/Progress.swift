/// How far the learner has come in each lesson; kept in the state folder.
struct Progress: Equatable {
  private static let file = "progress"
  /// Steps done at best, in the order in which lessons were begun.
  private var lines: [(id: String, steps: Int)] = []

  static func == (one: Progress, two: Progress) -> Bool { one.text == two.text }

  /// What was saved; lines that cannot be read count as nothing done.
  static func load() -> Progress {
    var progress = Progress()
    for line in (StateFolder.read(file) ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, let steps = Int(words[1]) {
        progress.reached(steps, of: String(words[0]))
      }
    }
    return progress
  }

  func save() throws(Failure) { try StateFolder.write(Self.file, text) }

  private var text: String { lines.map { "\($0.id) \($0.steps)\n" }.joined() }

  func stepsDone(of id: String) -> Int { lines.first { $0.id == id }?.steps ?? 0 }

  /// Notes steps done; what was done once stays done.
  mutating func reached(_ steps: Int, of id: String) {
    guard steps > 0, !id.contains(" "), !id.contains("\n") else { return }
    if let place = lines.firstIndex(where: { $0.id == id }) {
      lines[place].steps = max(lines[place].steps, steps)
    } else {
      lines.append((id, steps))
    }
  }
}
