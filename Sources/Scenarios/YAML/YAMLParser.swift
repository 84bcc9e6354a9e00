import CYAML

/// Builds a tree from libyaml's events. libyaml knows the language; this file adds the bounds for
/// files that may come from anybody, and the positions.
struct YAMLParser {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let file: String
  /// Where the text ends; libyaml puts what is missing there on a line of its own.
  private let end: TextPosition
  private var nodes = 0

  /// Reads the one document in `bytes`. Throws `ScenarioError` with the place of whatever is wrong:
  /// no UTF-8, broken YAML, beyond a bound of `YAMLLimits`, anchors, tags, duplicate keys, empty.
  static func parse(_ bytes: [UInt8], file: String) throws(ScenarioError) -> YAMLNode {
    guard bytes.count <= YAMLLimits.bytes else {
      throw ScenarioError(file: file, message: "is larger than 1 MiB, the limit for such a file")
    }
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
    if let (position, message) = YAMLText.firstProblem(in: text) {
      throw ScenarioError(
        file: file, line: position.line, column: position.column, message: message)
    }
    let result = text.withUnsafeBufferPointer { buffer in
      Result { () throws(ScenarioError) in
        var parser = YAMLParser(buffer, file: file)
        defer { parser.close() }
        return try parser.document()
      }
    }
    return try result.get()
  }

  private init(_ buffer: UnsafeBufferPointer<UInt8>, file: String) {
    self.file = file
    end = YAMLText.end(of: buffer)
    parser = .allocate(capacity: 1)
    // Fails only without memory; the parser is zeroed then and every event reports an error.
    _ = yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
  }

  private func close() {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private mutating func document() throws(ScenarioError) -> YAMLNode {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .start: continue
      case .end:
        guard let root else {
          throw fail(
            TextPosition(line: 1, column: 1), "is empty; fields such as `name: …` are expected")
        }
        return root
      default:
        guard root == nil else {
          throw fail(event.position, "a second document begins here; a file holds one")
        }
        root = try node(from: event, depth: 1)
      }
    }
  }

  private mutating func node(from event: Event, depth: Int) throws(ScenarioError) -> YAMLNode {
    nodes += 1
    guard nodes <= YAMLLimits.nodes else {
      throw fail(event.position, "more than \(YAMLLimits.nodes) values, the limit for such a file")
    }
    guard depth <= YAMLLimits.depth else {
      throw fail(event.position, "nested deeper than \(YAMLLimits.depth) levels, the limit")
    }
    switch event.kind {
    case .scalar(let text, let style):
      return YAMLNode(position: event.position, content: .scalar(text, style))
    case .sequenceStart:
      var items: [YAMLNode] = []
      while true {
        let item = try next()
        if item.kind == .sequenceEnd { break }
        items.append(try node(from: item, depth: depth + 1))
      }
      return YAMLNode(position: event.position, content: .sequence(items))
    case .mappingStart:
      return YAMLNode(position: event.position, content: .mapping(try entries(depth: depth)))
    case .start, .end, .sequenceEnd, .mappingEnd:
      throw fail(event.position, "broken YAML: a value is expected here")
    }
  }

  private mutating func entries(depth: Int) throws(ScenarioError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let key = try next()
      if key.kind == .mappingEnd { return entries }
      guard case .scalar(let name, _) = key.kind else {
        throw fail(key.position, "the name of a field must be a single word")
      }
      if let line = lines.updateValue(key.position.line, forKey: name) {
        throw fail(key.position, "`\(name)` is given twice; first in line \(line)")
      }
      let value = try node(from: try next(), depth: depth + 1)
      entries.append(.init(key: name, keyPosition: key.position, value: value))
    }
  }

  private func fail(_ position: TextPosition, _ message: String) -> ScenarioError {
    ScenarioError(file: file, line: position.line, column: position.column, message: message)
  }
}

extension YAMLParser {
  /// One of libyaml's events, copied out so that its memory can be given back at once.
  private struct Event {
    enum Kind: Equatable {
      case start, end, sequenceStart, sequenceEnd, mappingStart, mappingEnd
      case scalar(String, YAMLNode.Style)
    }
    let kind: Kind
    let position: TextPosition
  }

  private func next() throws(ScenarioError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    let position = TextPosition(
      line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    switch event.type {
    case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT:
      return Event(kind: .start, position: position)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag, at: position)
      guard scalar.length <= YAMLLimits.textBytes else {
        throw fail(position, "a text longer than \(YAMLLimits.textBytes) bytes, the limit")
      }
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let text = Visible.text(String(decoding: bytes, as: UTF8.self))
      return Event(kind: .scalar(text, Self.style(scalar.style)), position: position)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      try refuse(anchor: start.anchor, tag: start.tag, at: position)
      return Event(kind: .sequenceStart, position: position)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      try refuse(anchor: start.anchor, tag: start.tag, at: position)
      return Event(kind: .mappingStart, position: position)
    case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, position: position)
    case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, position: position)
    case YAML_ALIAS_EVENT:
      throw fail(position, "aliases (`*name`) are not read; write the value out")
    // The end of the stream, and no event at all, which libyaml gives after it.
    default: return Event(kind: .end, position: position)
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
    switch style {
    case YAML_PLAIN_SCALAR_STYLE: .plain
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
    default: .block
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?,
    at position: TextPosition
  ) throws(ScenarioError) {
    if anchor != nil {
      throw fail(position, "anchors (`&name`) are not read; write the value where it is used")
    }
    if tag != nil { throw fail(position, "tags (`!name`) are not read; leave the tag out") }
  }

  /// libyaml's complaint with its place, and advice for the commonest ones.
  private func problem() -> ScenarioError {
    let what = parser.pointee.problem.map { String(cString: $0) } ?? "unreadable"
    let mark = parser.pointee.problem_mark
    let context = parser.pointee.context.map { " (\(String(cString: $0)))" } ?? ""
    let advice =
      switch what {
      case "mapping values are not allowed in this context":
        "; put quotes around a text that contains `: `, and check the indentation"
      case "found character that cannot start any token":
        "; indent with spaces, not tabs, and put quotes around a text that begins with a sign"
      case "did not find expected key", "did not find expected '-' indicator":
        "; the fields of one mapping begin in the same column"
      case "could not find expected ':'": "; a field is written `name: value`"
      default: ""
      }
    let place = TextPosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    return fail(
      place.line > end.line ? end : place,
      "broken YAML: \(what)\(context)\(advice)")
  }
}
