/// One option: the parser, `--help` and the README's table all read this record.
struct Option: Sendable {
  let name: String
  /// What follows it, as help names it; nil for a switch.
  let value: String?
  let meaning: String
  /// The only values it takes; empty where any text may follow.
  let choices: [String]
  let isRepeatable: Bool

  init(
    _ name: String, value: String? = nil, choices: [String] = [], isRepeatable: Bool = false,
    _ meaning: String
  ) {
    self.name = name
    self.value = value ?? (choices.isEmpty ? nil : choices.joined(separator: "|"))
    self.meaning = meaning
    self.choices = choices
    self.isRepeatable = isRepeatable
  }

  /// As help shows it: `--seed N`.
  var shown: String { "--\(name)" + (value.map { " \($0)" } ?? "") }
}

extension Option {
  static let seed = Option("seed", value: "N", "seed of every random stream")
  static let set = Option(
    "set", value: "PATH=VALUE", isRepeatable: true,
    "change a setting, as in storage.r=1; repeatable")
  static let textOrJSON = Option("format", choices: ["text", "json"], "form of the result")
  static let color = Option(
    "color", choices: ["auto", "rgb", "256", "16", "mono"],
    "colours to send; auto heeds NO_COLOR, COLORTERM and TERM")
  static let help = Option("help", "this text (also -h)")
  static let version = Option("version", "version and build")
}
