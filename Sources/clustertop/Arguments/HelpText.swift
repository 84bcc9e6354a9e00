/// What `--help` prints, made from the records.
enum HelpText {
  static func text(_ command: Command, among all: [Command]) -> String {
    var text = "Usage: \(command.synopsis) [OPTION]...\n\(command.summary).\n"
    if command.name.isEmpty {
      text += "\nCommands:\n"
      text += table(all.filter { !$0.name.isEmpty }.map { ([$0.name, $0.operands], $0.summary) })
    }
    text += "\nOptions:\n"
    text += table(command.options.map { ([$0.shown], $0.meaning) })
    if !command.notes.isEmpty { text += "\n\(command.notes)\n" }
    return text
  }

  private static func table(_ rows: [([String], String)]) -> String {
    let left = rows.map { $0.0.filter { !$0.isEmpty }.joined(separator: " ") }
    let limit = 28
    let width = left.filter { $0.utf8.count <= limit }.map(\.utf8.count).max() ?? 0
    var text = ""
    for (head, row) in zip(left, rows) {
      let fits = head.utf8.count <= width
      text += "  " + head
      text += fits ? String(repeating: " ", count: width - head.utf8.count) : "\n  "
      if !fits { text += String(repeating: " ", count: width) }
      text += "  \(row.1)\n"
    }
    return text
  }
}
