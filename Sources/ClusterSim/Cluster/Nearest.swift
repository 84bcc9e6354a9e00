/// Finds the known name that a misspelt one most likely meant.
public enum Nearest {
  /// The name among `names` with the smallest edit distance to `word`, where that is at most a
  /// third of its length (at least two edits).
  public static func name(to word: String, among names: [String]) -> String? {
    let target = Array(word.unicodeScalars.prefix(64))
    var best: (name: String, distance: Int)?
    for name in names {
      let distance = editDistance(target, Array(name.unicodeScalars))
      if distance < best?.distance ?? .max { best = (name, distance) }
    }
    guard let best, best.distance <= max(2, best.name.count / 3) else { return nil }
    return best.name
  }

  /// One line: what is unknown, and what would be right.
  public static func message(_ what: String, _ word: String, among names: [String]) -> String {
    if let nearest = name(to: word, among: names) {
      return "unknown \(what) '\(word)'; did you mean '\(nearest)'?"
    }
    if names.count <= 12 {
      return "unknown \(what) '\(word)'; known: \(names.joined(separator: ", "))"
    }
    return "unknown \(what) '\(word)'"
  }

  /// Levenshtein distance in scalars.
  private static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let cost = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(cost, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
