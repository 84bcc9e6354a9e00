/// What is wrong with a theme file, and where. Lines and columns count from 1.
public struct ThemeError: Error, Equatable, CustomStringConvertible {
  public var line: Int
  public var column: Int
  /// What was found and what would be right.
  public var message: String

  public init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  public var description: String { "\(line):\(column): \(message)" }
}

extension Theme {
  /// The largest theme file that is read, in bytes.
  public static let fileLimit = 64 * 1024
  /// The longest line, in bytes.
  public static let lineLimit = 1024

  /// Reads a base16 or base24 scheme (YAML: github.com/tinted-theming/home, builder.md) or a
  /// btop theme; which of them is seen from the first line that says anything.
  /// `fallbackName` names a theme whose file does not. Throws ``ThemeError``.
  public init(file bytes: some Collection<UInt8>, fallbackName: String = "unnamed") throws {
    guard bytes.count <= Theme.fileLimit else {
      throw ThemeError(
        line: 1, column: 1,
        message: "the file has \(bytes.count) bytes; a theme has at most \(Theme.fileLimit)")
    }
    let lines = try Theme.lines(of: bytes)
    let first = lines.first { (line: ThemeLine) -> Bool in
      let text = line.trimmed
      return !text.isEmpty && text.first != "#" && String(scalars: text) != "---"
    }
    guard let first else {
      throw ThemeError(
        line: 1, column: 1, message: "the file is empty; a theme has a palette base00 to base0F")
    }
    if first.trimmed.starts(with: Array("theme[".unicodeScalars)) {
      self = try BtopTheme(lines).theme(named: fallbackName)
    } else {
      self = try Base16Scheme(lines).theme(named: fallbackName)
    }
  }

  private static func lines(of bytes: some Collection<UInt8>) throws -> [ThemeLine] {
    var result: [ThemeLine] = []
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF] as [UInt8]) { rest = rest.dropFirst(3) }
    for part in rest.split(separator: 10 as UInt8, omittingEmptySubsequences: false) {
      let number = result.count + 1
      guard part.count <= lineLimit else {
        throw ThemeError(
          line: number, column: lineLimit + 1, message: "the line is longer than \(lineLimit) bytes"
        )
      }
      var content = Array(part)
      if content.last == 13 { content.removeLast() }
      guard let text = String(validating: content, as: UTF8.self) else {
        throw ThemeError(line: number, column: 1, message: "the line is not UTF-8 text")
      }
      let scalars = Array(text.unicodeScalars)
      if let bad = scalars.firstIndex(where: { $0.isControl && $0 != "\t" }) {
        throw ThemeError(
          line: number, column: bad + 1, message: "a control character; a theme is plain text")
      }
      result.append(ThemeLine(number: number, scalars: scalars))
    }
    return result
  }
}

/// One line of a theme file.
struct ThemeLine {
  let number: Int
  let scalars: [Unicode.Scalar]

  var trimmed: ArraySlice<Unicode.Scalar> {
    let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return scalars[first...last]
  }

  func error(at index: Int, _ message: String) -> ThemeError {
    ThemeError(line: number, column: index + 1, message: message)
  }
}

extension String {
  init(scalars: some Sequence<Unicode.Scalar>) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }

  /// The nearest of `candidates` if it is near enough to be a slip of the finger.
  func nearest(among candidates: [String]) -> String? {
    let best = candidates.min { distance(to: $0) < distance(to: $1) }
    guard let best, distance(to: best) <= Swift.max(1, Swift.min(3, count / 2)) else { return nil }
    return best
  }

  /// Levenshtein distance, letters compared without case.
  private func distance(to other: String) -> Int {
    let (a, b) = (
      Array(lowercased().unicodeScalars.prefix(64)), Array(other.lowercased().unicodeScalars)
    )
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = Swift.min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
