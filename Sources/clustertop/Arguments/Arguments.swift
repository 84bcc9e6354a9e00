import ClusterSim

/// What was typed, sorted by the records of a command.
struct Arguments: Sendable {
  let operands: [String]
  private let values: [String: [String]]

  /// Reads what follows a command's word: `--name value`, `--name=value`, `-h`, `--`.
  ///
  /// Throws `Failure` for what the command does not know, naming the nearest option it does.
  init(_ words: some Sequence<String>, for command: Command) throws(Failure) {
    var operands: [String] = []
    var values: [String: [String]] = [:]
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let (option, attached) = try Self.option(word, of: command)
      if values[option.name] != nil, !option.isRepeatable, option.value != nil {
        throw Failure("--\(option.name) is given twice; once is enough")
      }
      values[option.name, default: []].append(try Self.value(of: option, attached, &rest))
    }
    // Help is given whatever else is wrong.
    if values["help"] == nil, values["version"] == nil {
      try Self.checkCount(operands, command)
    }
    self.operands = operands
    self.values = values
  }

  private static func option(
    _ word: String, of command: Command
  ) throws(Failure) -> (Option, attached: String?) {
    if word == "-h" { return (.help, nil) }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0].drop { $0 == "-" })
    guard word.hasPrefix("--"), let option = command.options.first(where: { $0.name == name })
    else {
      let known = command.options.map { "--\($0.name)" }
      let shown = String(parts[0])
      if let nearest = Nearest.name(to: shown, among: known) {
        throw Failure("unknown option '\(shown)'; did you mean '\(nearest)'?")
      }
      throw Failure("unknown option '\(shown)'; `\(command.help)` lists them")
    }
    return (option, parts.count > 1 ? String(parts[1]) : nil)
  }

  private static func value(
    of option: Option, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(Failure) -> String {
    guard let shown = option.value else {
      if attached != nil { throw Failure("--\(option.name) takes no value") }
      return ""
    }
    guard let value = attached ?? rest.popFirst() else {
      throw Failure("--\(option.name) needs a value: \(option.shown) (\(option.meaning))")
    }
    // Of an empty name the system would say only that there is no such file, and that after the work.
    if shown == "FILE", value.isEmpty {
      throw Failure("--\(option.name): the name of a file is expected")
    }
    if !option.choices.isEmpty, !option.choices.contains(value) {
      let message = Nearest.message("value", value, among: option.choices)
      throw Failure("--\(option.name): \(message) (\(shown))")
    }
    return value
  }

  private static func checkCount(_ operands: [String], _ command: Command) throws(Failure) {
    let count = command.operandCount
    if operands.count < count.lowerBound {
      throw Failure("\(command.operands) is missing; write `\(command.synopsis)`")
    }
    if operands.count > count.upperBound {
      let extra = operands[count.upperBound]
      throw Failure("'\(extra)' is one too many; write `\(command.synopsis)`")
    }
  }

  func has(_ option: Option) -> Bool { values[option.name] != nil }

  func text(_ option: Option) -> String? { values[option.name]?.last }

  func all(_ option: Option) -> [String] { values[option.name] ?? [] }
}

extension Command {
  /// The command line that shows its help.
  var help: String { "clustertop\(name.isEmpty ? "" : " \(name)") --help" }
}
