/// Words into lines.
public enum TextWrap {
  /// Lines of at most `width` columns (at least 2). Breaks at blanks, keeps line breaks that are
  /// in the text, cuts words longer than a line. Lines after the first of a paragraph begin with
  /// `hanging` blanks.
  public static func lines(_ text: String, width: Int, hanging: Int = 0) -> [String] {
    let room = max(2, width)
    let indent = String(repeating: " ", count: min(max(0, hanging), room - 2))
    var result: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      wrap(paragraph, room, indent, &result)
    }
    return result
  }

  private static func wrap(
    _ paragraph: Substring, _ room: Int, _ indent: String, _ result: inout [String]
  ) {
    var line = ""
    var used = 0
    var hasWord = false
    func startLine() {
      result.append(line)
      line = indent
      used = indent.utf8.count
      hasWord = false
    }
    // Blanks before the first word are the author's indentation.
    let leading = paragraph.prefix { $0 == " " }.count
    line = String(repeating: " ", count: min(leading, room - 2))
    used = line.utf8.count
    for word in paragraph.split(separator: " ") {
      let columns = word.columns
      if hasWord && used + 1 + columns > room { startLine() }
      if hasWord {
        line += " "
        used += 1
      }
      hasWord = true
      if used + columns <= room {
        line += word
        used += columns
        continue
      }
      for scalar in word.unicodeScalars {
        if used + scalar.columns > room {
          startLine()
          hasWord = true
        }
        line.unicodeScalars.append(scalar)
        used += scalar.columns
      }
    }
    result.append(line)
  }
}
