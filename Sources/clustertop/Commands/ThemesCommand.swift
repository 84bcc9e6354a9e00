import CellUI
import Glibc

extension Command {
  static let themes = Command(
    "themes", "Lists the themes with a sample of each", options: [.color],
    notes: """
      Your own base16 or btop themes are looked for in $XDG_CONFIG_HOME/clustertop/themes.
      Samples are coloured on a terminal only, and never where NO_COLOR is set.
      """,
    run: { arguments throws(Failure) in
      let depth = ThemeSample.depth(arguments.text(.color) ?? "auto")
      let own = ThemeShelf.ownNames
      let names = own + ThemeShelf.bundledNames.filter { !own.contains($0) }
      let width = names.map(\.count).max() ?? 0
      for name in names {
        let entry: ThemeShelf.Entry
        do throws(Failure) { entry = try ThemeShelf.find(name) } catch {
          // One broken file of the user's does not hide the others.
          Descriptor.complain("clustertop: \(error.message)\n")
          continue
        }
        let padded = name + String(repeating: " ", count: width - name.count)
        let variant = entry.theme.variant.rawValue
        let gap = String(repeating: " ", count: 6 - variant.count)
        try Descriptor.print(
          "\(padded) \(variant)\(gap)\(ThemeSample.text(entry.theme, depth))\n")
      }
      return ExitCode.done
    })
}

/// A line that shows a theme's colours at work.
enum ThemeSample {
  private static let words: [(String, Role)] = [
    ("UP", .alive), ("SUSPECT", .suspect), ("DOWN", .dead), ("SLOW", .slow), ("FROZEN", .frozen),
    ("stale", .stale), ("hint", .hint), ("you", .you), ("cache", .cache), ("accent", .accent),
  ]

  static func text(_ theme: Theme, _ depth: ColorDepth) -> String {
    var text = words.map { word, role in paint(word, theme[role], theme[.background], depth) }
      .joined(separator: paint(" ", nil, theme[.background], depth))
    if depth == .mono { return text }
    text += " "
    for role in [Role.chart1, .chart2, .chart3, .chart4, .chart5, .chart6] {
      text += paint("  ", nil, theme[role], depth)
    }
    return text
  }

  private static func paint(
    _ text: String, _ ink: RGB?, _ page: RGB?, _ depth: ColorDepth
  ) -> String {
    guard depth > .mono else { return text }
    let codes = [code(ink, 38, depth), code(page, 48, depth)].compactMap { $0 }
    return codes.isEmpty ? text : "\u{1b}[\(codes.joined(separator: ";"))m\(text)\u{1b}[0m"
  }

  /// SGR parameters of a colour: `base` is 38 for ink, 48 for the page.
  private static func code(_ color: RGB?, _ base: Int, _ depth: ColorDepth) -> String? {
    guard let color else { return nil }
    let number = depth.number(color)
    switch depth {
    case .direct: return "\(base);2;\(color.red);\(color.green);\(color.blue)"
    case .indexed: return "\(base);5;\(number)"
    case .eight, .sixteen:
      return "\(number < 8 ? base - 8 + number : base + 52 + number - 8)"
    case .mono: return nil
    }
  }

  /// What standard output can show, by the wish of the user.
  static func depth(_ wish: String) -> ColorDepth {
    switch wish {
    case "rgb": return .direct
    case "256": return .indexed
    case "16": return .sixteen
    case "mono": return .mono
    default: break
    }
    let term = Environment.variable("TERM") ?? "dumb"
    guard isatty(STDOUT_FILENO) == 1, Environment.variable("NO_COLOR") == nil, term != "dumb",
      !term.hasPrefix("vt")
    else { return .mono }
    if ["truecolor", "24bit"].contains(Environment.variable("COLORTERM") ?? "") { return .direct }
    return term.contains("256") || term.hasPrefix("tmux") ? .indexed : .sixteen
  }
}
