/// A base16 or base24 scheme as its file says it: flat YAML with one level of indentation at
/// `palette:` and `clustertop:`. Older files have the palette at the outer level.
struct Base16Scheme {
  private struct Value {
    var text: String
    var line: ThemeLine
    /// Index of the value's first scalar in its line.
    var start: Int
    var quoted: Bool

    func error(_ message: String) -> ThemeError { line.error(at: start, message) }
  }

  private var header: [String: Value] = [:]
  private var slots: [Int: RGB] = [:]
  private var roles: [(role: Role, value: Value)] = []
  private let lastLine: Int

  private static let sections = ["palette", "clustertop"]
  private static let known = [
    "system", "name", "slug", "author", "variant", "description", "scheme", "palette", "clustertop",
  ]

  init(_ lines: [ThemeLine]) throws {
    lastLine = max(1, lines.count)
    var section: String?
    var sectionIndent: Int?
    var seen: Set<String> = []
    for line in lines {
      let text = line.trimmed
      if text.isEmpty || text.first == "#" { continue }
      if line.number == 1 || seen.isEmpty, String(scalars: text) == "---" { continue }
      let indent = text.startIndex
      if let tab = line.scalars[..<indent].firstIndex(of: "\t") {
        throw line.error(at: tab, "a tab in the indentation; YAML wants blanks")
      }
      let (key, value) = try Base16Scheme.entry(line, text)
      if indent == 0 {
        section = nil
        sectionIndent = nil
      } else {
        guard section != nil else {
          throw line.error(at: 0, "indented, but not under palette: or clustertop:")
        }
        if indent != sectionIndent ?? indent {
          throw line.error(
            at: indent, "indented by \(indent), the lines above by \(sectionIndent ?? 0)")
        }
        sectionIndent = indent
      }
      guard seen.insert("\(section ?? "").\(key)").inserted else {
        throw line.error(at: indent, "\(key) is given twice")
      }
      if indent == 0, Base16Scheme.sections.contains(key) {
        if let value { throw value.error("\(key): stands alone; its entries follow indented") }
        section = key
      } else {
        try take(key, value, section, line, indent)
      }
    }
  }

  private mutating func take(
    _ key: String, _ value: Value?, _ section: String?, _ line: ThemeLine, _ indent: Int
  ) throws {
    if section == "clustertop" {
      guard let role = Role(name: key) else {
        let near = key.nearest(among: Role.allCases.map(\.name))
        throw line.error(
          at: indent, "no role is called \(key)" + (near.map { "; did you mean \($0)?" } ?? ""))
      }
      guard let value else { throw Base16Scheme.noValue(line, "a slot like base0B or a colour") }
      roles.append((role, value))
    } else if let slot = Base16Scheme.slot(key) {
      guard let value else { throw Base16Scheme.noValue(line, "a colour like \"1d2021\"") }
      guard let color = RGB(value.text), value.text.utf8.count >= 6 else {
        throw value.error("\(value.text) is no colour; six hexadecimal digits, like \"1d2021\"")
      }
      slots[slot] = color
    } else if section == "palette" {
      throw line.error(
        at: indent, "the palette has base00 to base0F (base17 in base24), not \(key)")
    } else {
      // Other keys are for other programs, unless it is one of ours misspelt.
      if !Base16Scheme.known.contains(key), let near = key.nearest(among: Base16Scheme.known) {
        throw line.error(at: indent, "unknown key \(key); did you mean \(near)?")
      }
      header[key] = value
    }
  }

  private static func noValue(_ line: ThemeLine, _ wanted: String) -> ThemeError {
    // YAML begins a comment at a blank and a hash sign.
    let hash = line.scalars.firstIndex(of: "#")
    return line.error(
      at: hash ?? line.trimmed.endIndex,
      hash == nil ? "no value; \(wanted)" : "a colour with # needs quotes, like \"#1d2021\"")
  }

  /// Splits `key: value`; the value is nil if nothing or a comment follows the colon.
  private static func entry(
    _ line: ThemeLine, _ text: ArraySlice<Unicode.Scalar>
  ) throws -> (String, Value?) {
    guard let colon = text.firstIndex(of: ":"),
      colon + 1 == text.endIndex || text[colon + 1] == " " || text[colon + 1] == "\t"
    else { throw line.error(at: text.startIndex, "not a line of the form key: value") }
    var key = text[..<colon]
    if let mark = key.first, mark == "\"" || mark == "'", key.count >= 2, key.last == mark {
      key = key.dropFirst().dropLast()
    }
    guard !key.isEmpty,
      key.allSatisfy({ $0.properties.isAlphabetic || ("0"..."9") ~= $0 || $0 == "_" || $0 == "-" })
    else { throw line.error(at: text.startIndex, "not a line of the form key: value") }
    let rest = text[(colon + 1)...].drop { $0 == " " || $0 == "\t" }
    guard let first = rest.first, first != "#" else { return (String(scalars: key), nil) }
    if first == "\"" || first == "'" {
      guard let end = rest.dropFirst().firstIndex(of: first) else {
        throw line.error(at: rest.startIndex, "the quotes are not closed")
      }
      let after = rest[(end + 1)...].drop { $0 == " " || $0 == "\t" }
      guard after.isEmpty || after.first == "#" else {
        throw line.error(at: after.startIndex, "something follows the closing quotes")
      }
      let inner = rest[(rest.startIndex + 1)..<end]
      return (
        String(scalars: key),
        Value(text: String(scalars: inner), line: line, start: rest.startIndex, quoted: true)
      )
    }
    if "{[&*!|>%@`".unicodeScalars.contains(first) {
      throw line.error(at: rest.startIndex, "a plain value is wanted here")
    }
    // A comment needs a blank before its hash sign.
    var end = rest.endIndex
    for index in rest.indices.dropFirst() where rest[index] == "#" && rest[index - 1] == " " {
      end = index
      break
    }
    var plain = rest[..<end]
    while plain.last == " " || plain.last == "\t" { plain.removeLast() }
    return (
      String(scalars: key),
      Value(text: String(scalars: plain), line: line, start: rest.startIndex, quoted: false)
    )
  }

  /// 0 to 23 for `base00` to `base17`, letters in either case.
  private static func slot(_ name: String) -> Int? {
    guard name.utf8.count == 6, name.hasPrefix("base"),
      let slot = UInt32(name.dropFirst(4), radix: 16),
      slot < 24
    else { return nil }
    return Int(slot)
  }

  func theme(named fallback: String) throws -> Theme {
    for slot in 0..<16 where slots[slot] == nil {
      let digits = String(slot, radix: 16, uppercase: true)
      throw ThemeError(
        line: lastLine, column: 1,
        message: "base0\(digits) is missing; a scheme has all of base00 to base0F")
    }
    if let system = header["system"], !["base16", "base24"].contains(system.text) {
      throw system.error("system \(system.text) is unknown; base16 or base24")
    }
    var variant: Theme.Variant?
    if let given = header["variant"] {
      variant = Theme.Variant(rawValue: given.text.lowercased())
      guard variant != nil else { throw given.error("variant \(given.text); dark or light") }
    }
    let name = [header["name"], header["scheme"]].compactMap { $0?.text }.first { !$0.isEmpty }
    var theme = Theme(
      name: name ?? fallback, variant: variant, palette: (0..<16).map { slots[$0]! })
    for (role, value) in roles where !Base16Scheme.isHeat(role) {
      theme[role] = try color(value, for: role)
    }
    // Heat follows alive, suspect and dead, so it comes after them and before its own overrides.
    theme.interpolateHeat()
    for (role, value) in roles where Base16Scheme.isHeat(role) {
      theme[role] = try color(value, for: role)
    }
    return theme
  }

  private static func isHeat(_ role: Role) -> Bool {
    role.rawValue >= Role.heat1.rawValue && role.rawValue <= Role.heat8.rawValue
  }

  private func color(_ value: Value, for role: Role) throws -> RGB? {
    if value.text == "terminal" { return nil }
    if let slot = Base16Scheme.slot(value.text) {
      guard let color = slots[slot] else {
        throw value.error("\(value.text) is not in the palette")
      }
      return color
    }
    guard let color = RGB(value.text) else {
      throw value.error(
        "\(value.text) is neither a slot like base0B, nor a colour like \"#1d2021\", nor terminal")
    }
    return color
  }
}
