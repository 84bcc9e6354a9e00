import Consistency
import Scenarios

extension Option {
  static let model = Option(
    "model", choices: CheckOptions.Model.allCases.map(\.rawValue),
    "what the keys hold; a register has no cas (default cas-register)")
  static let initial = Option(
    "initial", value: "VALUE", "what every key holds before the first write (default nil)")
  static let failedCas = Option(
    "failed-cas", choices: CheckOptions.FailedCas.allCases.map(\.rawValue),
    "a failed cas did nothing, as Knossos has it, or found another value (default drop)")
  static let nilRead = Option(
    "nil-read", choices: CheckOptions.NilRead.allCases.map(\.rawValue),
    "a read of nil may have found anything, as Knossos has it, or nil is a value (default value)")
  static let limit = Option(
    "limit", value: "STATES",
    "states tried per key before the answer is unknown (default \(CheckOptions().limit))")
}

extension Command {
  static let check = Command(
    "check", operands: "HISTORY", count: 1...1,
    "Judges a history: linearizability, session guarantees, causality",
    options: [.model, .initial, .failedCas, .nilRead, .limit, .textOrJSON],
    notes: """
      HISTORY is a file, or - for standard input: JSON Lines as `clustertop run --history` writes
      them, or EDN as Jepsen and Knossos do; which of them, the content tells. JSON Lines are ordered
      by time, equal times by line; EDN keeps its order.
      It exits with 0 where all that can be judged holds, with 1 where something is violated, and with
      2 where the limit is met first or the history cannot be used.
      """,
    run: { arguments throws(Failure) in try CheckCommand(arguments).run() })
}

/// `clustertop check`.
private struct CheckCommand {
  let arguments: Arguments
  /// Each state takes some 24 bytes, so this bounds the memory at about 5 GB.
  static let largestLimit = 100_000_000

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run() throws(Failure) -> Int32 {
    let options = try options()
    StopSignal.watch()
    let name = arguments.operands[0]
    let (history, format) = try read(name, options)
    var judge = HistoryJudge(history, options) { StopSignal.pending == nil }
    var bar = ProgressBar("judging \(name)")
    while judge.judgeNextKey() {
      bar.show(judge.progress)
      if StopSignal.pending != nil { bar.clear() }
      try StopSignal.check()
    }
    bar.clear()
    let verdict = judge.verdict()
    try StopSignal.check()
    try Descriptor.print(
      arguments.text(.textOrJSON) == "json"
        ? JSONValue.object(VerdictJSON.fields(verdict)).text + "\n"
        : text(verdict, history, format))
    switch verdict.overall {
    case .yes: return ExitCode.done
    case .no: return ExitCode.doesNotHold
    case .unknown: return ExitCode.unusable
    }
  }

  private func options() throws(Failure) -> CheckOptions {
    var options = CheckOptions()
    if let word = arguments.text(.model) { options.model = .init(rawValue: word)! }
    if let word = arguments.text(.failedCas) { options.failedCas = .init(rawValue: word)! }
    if let word = arguments.text(.nilRead) { options.nilRead = .init(rawValue: word)! }
    if let text = arguments.text(.initial) { options.initial = Self.value(text) }
    if let limit = try arguments.integer(.limit, in: 1...Self.largestLimit) {
      options.limit = limit
    }
    return options
  }

  /// A whole number, `nil`, or a text; in quotes it is a text whatever it looks like.
  private static func value(_ text: String) -> HistoryValue? {
    if text == "nil" || text == "null" { return nil }
    if let number = Int64(text) { return .integer(number) }
    guard text.count > 1, text.first == "\"", text.last == "\"" else { return .text(text) }
    return .text(String(text.dropFirst().dropLast()))
  }

  private func read(
    _ name: String, _ options: CheckOptions
  ) throws(Failure) -> (History, HistoryReader.Format) {
    var file = try InputFile(name)
    var bar = ProgressBar("reading \(name)")
    defer { bar.clear() }
    var intake = HistoryIntake(options)
    do {
      while true {
        let bytes = try file.next()
        if bytes.isEmpty { return try intake.history() }
        try intake.feed(bytes)
        if let size = file.size { bar.show(Double(file.bytesRead) / Double(max(1, size))) }
      }
    } catch let problem as HistoryProblem {
      throw Failure("\(file.name):\(problem)")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(file.name): \(error)")
    }
  }

  private func text(
    _ verdict: Verdict, _ history: History, _ format: HistoryReader.Format
  ) -> String {
    let kind = format == .edn ? "EDN" : "JSON Lines"
    return "\(verdict.operations) operations on \(history.keys.count) "
      + "\(history.keys.count == 1 ? "key" : "keys"), from \(kind)\n\n"
      + VerdictText.text(verdict, keys: history.keys.count)
  }
}
