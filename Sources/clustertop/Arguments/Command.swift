/// What the program can be asked to do, one record a command.
struct Command: Sendable {
  /// The word; empty for the dashboard, which needs none.
  let name: String
  /// What may follow it beside options, as help names it.
  let operands: String
  /// How many may follow.
  let operandCount: ClosedRange<Int>
  let summary: String
  let options: [Option]
  /// More for its help, after the options.
  let notes: String
  let run: @Sendable (Arguments) throws(Failure) -> Int32

  init(
    _ name: String, operands: String = "", count: ClosedRange<Int> = 0...0, _ summary: String,
    options: [Option], notes: String = "",
    run: @escaping @Sendable (Arguments) throws(Failure) -> Int32
  ) {
    self.name = name
    self.operands = operands
    operandCount = count
    self.summary = summary
    self.options = options + [.help] + (name.isEmpty ? [.version] : [])
    self.notes = notes
    self.run = run
  }

  /// As a person types it: `clustertop run SCENARIO`.
  var synopsis: String {
    ["clustertop", name, operands].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
