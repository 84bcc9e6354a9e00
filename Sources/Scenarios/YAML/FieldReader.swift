import ClusterSim

/// Reads typed values out of YAML nodes; every complaint carries file, line and column.
struct FieldReader {
  let file: String

  /// The fields of one mapping, none of them unknown.
  struct Fields {
    let position: TextPosition
    let entries: [YAMLNode.Entry]

    func node(_ name: String) -> YAMLNode? { entries.first { $0.key == name }?.value }
  }

  func fail(_ position: TextPosition, _ message: String) -> ScenarioError {
    ScenarioError(file: file, line: position.line, column: position.column, message: message)
  }

  /// The fields of `node`, all of which must be among `known`; `what` names the mapping.
  func fields(
    _ node: YAMLNode, _ what: String, known: [String]
  ) throws(ScenarioError) -> Fields {
    let entries = try entries(node, what, example: known[0])
    for entry in entries where !known.contains(entry.key) {
      throw fail(
        entry.keyPosition,
        Nearest.message("field of \(what)", Visible.line(entry.key), among: known))
    }
    return Fields(position: node.position, entries: entries)
  }

  /// The fields of a mapping whose names are the user's own.
  func entries(
    _ node: YAMLNode, _ what: String, example: String
  ) throws(ScenarioError) -> [YAMLNode.Entry] {
    guard case .mapping(let entries) = node.content else {
      throw fail(
        node.position, "\(what) is a mapping of fields such as `\(example): …`, not \(node.kind)")
    }
    return entries
  }

  func list(_ node: YAMLNode, _ what: String, limit: Int) throws(ScenarioError) -> [YAMLNode] {
    guard case .sequence(let items) = node.content else {
      throw fail(node.position, "\(what) is a list, a line `- …` each, not \(node.kind)")
    }
    guard items.count <= limit else {
      throw fail(items[limit].position, "\(what) has more than \(limit) entries, the limit")
    }
    return items
  }

  /// A single value as text, not empty.
  func scalar(_ node: YAMLNode, _ what: String) throws(ScenarioError) -> String {
    guard case .scalar(let text, _) = node.content, !node.isEmpty else {
      throw fail(node.position, "\(what) is a single value, not \(node.kind)")
    }
    return text
  }

  /// Text to be read by people: without line feeds at its ends, at most `limit` characters.
  func text(_ node: YAMLNode, _ what: String, limit: Int) throws(ScenarioError) -> String {
    var text = try scalar(node, what)[...]
    while let last = text.last, last == "\n" || last == " " { text.removeLast() }
    guard text.count <= limit else {
      throw fail(node.position, "\(what) has \(text.count) characters; at most \(limit) fit")
    }
    guard !text.isEmpty else { throw fail(node.position, "\(what) is empty") }
    return String(text)
  }

  /// As `text`, on one line.
  func line(_ node: YAMLNode, _ what: String, limit: Int) throws(ScenarioError) -> String {
    Visible.line(try text(node, what, limit: limit))
  }

  func name(_ node: YAMLNode, _ what: String) throws(ScenarioError) -> String {
    let text = try scalar(node, what)
    guard Name.isName(text) else {
      throw fail(node.position, "'\(Visible.line(text))' is no name of \(what); \(Name.rule)")
    }
    return text
  }

  func integer(
    _ node: YAMLNode, _ what: String, _ range: ClosedRange<Int>
  ) throws(ScenarioError) -> Int {
    guard let value = Int(try scalar(node, what)), range.contains(value) else {
      throw wrong(node, "\(what): a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func number(
    _ node: YAMLNode, _ what: String, _ range: ClosedRange<Double>
  ) throws(ScenarioError) -> Double {
    guard let value = Double(try scalar(node, what)), range.contains(value) else {
      throw wrong(node, "\(what): a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func span(
    _ node: YAMLNode, _ what: String, _ range: ClosedRange<Span>
  ) throws(ScenarioError) -> Span {
    guard let value = try? Span.parse(try scalar(node, what)).get(), range.contains(value) else {
      throw wrong(
        node,
        "\(what): a length of time from \(range.lowerBound) to \(range.upperBound), such as 20s")
    }
    return value
  }

  /// A condition, with columns inside the text.
  func condition(_ node: YAMLNode, _ names: ActionNames) throws(ScenarioError) -> Condition {
    let text = try line(node, "a condition", limit: Condition.textLimit)
    do {
      return try Condition.parse(text, names: names)
    } catch { throw fail(inside(node, error.column), error.message) }
  }

  /// The place of a column (from 1) inside a value's text. Exact where the value stands on one
  /// line without escapes, else its beginning.
  func inside(_ node: YAMLNode, _ column: Int) -> TextPosition {
    var position = node.position
    switch node.content {
    case .scalar(_, .plain): position.column += column - 1
    case .scalar(_, .quoted): position.column += column
    case .scalar(_, .block), .sequence, .mapping: break
    }
    return position
  }

  private func wrong(_ node: YAMLNode, _ right: String) -> ScenarioError {
    guard case .scalar(let text, _) = node.content, !node.isEmpty else {
      return fail(node.position, "\(right) is expected, not \(node.kind)")
    }
    return fail(node.position, "'\(Visible.line(text))' is not right for \(right)")
  }
}
