/// A place in a file's text: both counted from 1, the column in characters.
struct TextPosition: Equatable, Sendable {
  var line: Int
  var column: Int
}

/// A value of a YAML document with the place where it stands.
struct YAMLNode: Equatable, Sendable {
  let position: TextPosition
  let content: Content

  enum Content: Equatable, Sendable {
    /// The text as meant, without quotes.
    case scalar(String, Style)
    case sequence([YAMLNode])
    /// In the order of the file, without duplicate keys.
    case mapping([Entry])
  }

  enum Style: Equatable, Sendable { case plain, quoted, block }

  /// A field of a mapping.
  struct Entry: Equatable, Sendable {
    let key: String
    let keyPosition: TextPosition
    let value: YAMLNode
  }

  /// How messages name the kind of value that was found.
  var kind: String {
    switch content {
    case .scalar: isEmpty ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping of fields"
    }
  }

  /// True for a field with nothing behind its colon, and for `~` and `null`.
  var isEmpty: Bool {
    guard case .scalar(let text, .plain) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }
}

/// Bounds on files that may come from anybody.
enum YAMLLimits {
  static let bytes = 1 << 20
  static let depth = 32
  static let nodes = 20_000
  /// Of one text, in bytes of UTF-8.
  static let textBytes = 4096
}
