import ClusterSim

/// The words of an action's text with their columns, taken one by one.
struct ActionWords {
  struct Word: Equatable {
    let text: String
    let column: Int
  }

  private let words: [Word]
  /// One past the last column.
  let end: Int
  private var position = 0
  /// How the action is written in full; every complaint about a missing or surplus word shows it.
  var form = FaultCatalogue.all.map(\.verb).joined(separator: ", ")

  init(_ text: String) {
    var words: [Word] = []
    var word = ""
    var column = 0
    for character in text {
      column += 1
      if character == " " || character == "\t" {
        if !word.isEmpty { words.append(Word(text: word, column: column - word.count)) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(Word(text: word, column: column + 1 - word.count)) }
    self.words = words
    end = column + 1
  }

  /// The next word's text, left where it is.
  var peek: String? { position < words.count ? words[position].text : nil }

  var isAtEnd: Bool { position == words.count }

  /// The next word, which must be there; `what` names it in the complaint.
  mutating func next(_ what: String) throws(LineProblem) -> Word {
    guard let word = optional() else {
      throw LineProblem(column: end, message: "\(what) is missing; write: \(form)")
    }
    return word
  }

  mutating func optional() -> Word? {
    guard position < words.count else { return nil }
    position += 1
    return words[position - 1]
  }

  /// Takes the next word if it is `keyword`.
  mutating func take(_ keyword: String) -> Bool {
    guard position < words.count, words[position].text == keyword else { return false }
    position += 1
    return true
  }

  /// All that is left, as one text with single blanks.
  mutating func rest() -> Word? {
    guard position < words.count else { return nil }
    defer { position = words.count }
    let left = words[position...]
    return Word(text: left.map(\.text).joined(separator: " "), column: words[position].column)
  }

  func finish() throws(LineProblem) {
    guard position < words.count else { return }
    let word = words[position]
    throw LineProblem(
      column: word.column, message: "'\(word.text)' is one word too many; write: \(form)")
  }
}
