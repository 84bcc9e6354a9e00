import CellUI
import Dashboard
import Testing

/// The README says what the program does: keys, options and commands agree with its records.
struct ReadmeTests {
  private static let readme = Program.shell("cat '\(Program.package)/README.md'").output

  /// A row a record, as the README prints it.
  private static func row(_ record: KeyRecord) -> String {
    let keys = record.keys.map { key in
      let name = key.description.replacing("|", with: "\\|")
      return "`\(name)`"
    }
    var place = ""
    if case .panel(let panel) = record.context { place = "In the \(panel) panel: " }
    let meaning = (place + record.help).replacing("|", with: "\\|")
    return "| \(keys.joined(separator: " ")) | \(meaning) |"
  }

  @Test func keys_ofThePanels_areAllInTheTable() {
    let records = Keymap.records.filter { record in
      switch record.context {
      case .everywhere, .panel: true
      case .overlay, .line: false
      }
    }
    let table =
      "| keys | what they do |\n|---|---|\n" + records.map(Self.row).joined(separator: "\n")
    #expect(records.count > 40)
    let isThere = Self.readme.contains(table + "\n\n")
    #expect(isThere, "the README's table of keys should be:\n\(table)")
  }

  /// `--name …` lines of every help text, without repetitions, in order.
  private static var options: [(name: String, meaning: String)] {
    var options: [(String, String)] = []
    let commands = [
      "", "run", "lessons", "themes", "bench", "verify-lessons", "lesson",
      "check", "predict", "ring", "cache", "compare", "sweep", "merge", "replay", "scenarios",
    ]
    for command in commands {
      let lines = Program.run("\(command) --help").output.split(separator: "\n").map(String.init)
      for (place, line) in lines.enumerated() where line.hasPrefix("  --") {
        let words = line.dropFirst(2)
        let end = words.ranges(of: "  ").first?.lowerBound
        let name = String(words[..<(end ?? words.endIndex)])
        // Long ones have their meaning on the next line.
        let rest = end.map { String(words[$0...]) } ?? lines[place + 1]
        let meaning = String(rest.drop { $0 == " " })
        if !options.contains(where: { $0.0 == name }) { options.append((name, meaning)) }
      }
    }
    return options
  }

  @Test func options_ofEveryCommand_areAllInTheTable() {
    let rows = Self.options.map { name, meaning in
      "| `\(name.replacing("|", with: "\\|"))` | \(meaning) |"
    }
    let table = "| option | meaning |\n|---|---|\n" + rows.joined(separator: "\n")
    #expect(rows.count > 12)
    let isThere = Self.readme.contains(table + "\n\n")
    #expect(isThere, "the README's table of options should be:\n\(table)")
  }

  @Test func commands_ofTheHelp_areAllNamed() {
    let lines = Program.run("--help").output.split(separator: "\n")
    let start = lines.firstIndex { $0 == "Commands:" } ?? 0
    let commands = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
    #expect(commands.count == 16)
    for line in commands {
      let synopsis = line.dropFirst(2).split(separator: "  ")[0]
      #expect(Self.readme.contains("| `clustertop \(synopsis)` |"), "\(synopsis)")
    }
  }

  @Test func scenario_ofTheReadme_runs() {
    let start = Self.readme.ranges(of: "```yaml\n").first?.upperBound
    let text = start.map { Self.readme[$0...] }?.split(separator: "```")[0] ?? ""
    #expect(text.hasPrefix("name: two-deaths"))
    let outcome = Program.shell("cat > s.yaml <<'END'\n\(text)END\n\"$CT\" run s.yaml")
    #expect(outcome.code == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("objective met"))
  }

  @Test func picture_ofTheReadme_isAScreen() {
    let picture = Self.readme.split(separator: "```")[1]
    let lines = picture.split(separator: "\n")
    #expect(lines.count == 30)
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(lines.last?.hasPrefix("?Help qQuit") == true)
  }
}
