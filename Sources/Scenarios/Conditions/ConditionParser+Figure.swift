import ClusterSim

extension ConditionParser {
  /// `name`, `name(LOCATION, WINDOW)`, `name(HOST, HOST)` or `settings.PATH`.
  mutating func figure() throws(LineProblem) -> Figure {
    let token = try expect("a figure, such as availability(west)")
    if token.text.hasPrefix("settings.") {
      let path = String(token.text.dropFirst("settings.".count))
      guard SettingCatalogue.find(path) != nil else {
        throw LineProblem(
          column: token.column,
          message: Nearest.message(
            "setting", Visible.line(path), among: SettingCatalogue.all.map(\.path)))
      }
      return .setting(path: path)
    }
    guard let definition = FigureCatalogue.find(token.text) else {
      throw LineProblem(
        column: token.column,
        message: Nearest.message(
          "figure", Visible.line(token.text), among: FigureCatalogue.all.map(\.name)))
    }
    let arguments = try self.arguments(definition)
    return .measured(
      name: definition.name, of: try subject(definition, arguments, at: token.column))
  }

  private mutating func arguments(
    _ definition: FigureDefinition
  ) throws(LineProblem) -> [ConditionTokens.Token] {
    guard tokens.take("(") else { return [] }
    var arguments: [ConditionTokens.Token] = []
    while true {
      arguments.append(try expect("a name inside the brackets of \(definition.form)"))
      let joint = try expect("')'")
      if joint.text == ")" { return arguments }
      guard joint.text == ",", arguments.count < 2 else { throw wrong(joint, "')'") }
    }
  }

  private func subject(
    _ definition: FigureDefinition, _ arguments: [ConditionTokens.Token], at column: Int
  ) throws(LineProblem) -> Figure.Subject {
    let misfit = LineProblem(column: column, message: "write \(definition.form)")
    switch definition.source {
    case .clients(_, let recent):
      var arguments = arguments
      var window = FigureWindow.run
      if let last = arguments.last, let named = FigureWindow(rawValue: last.text) {
        arguments.removeLast()
        window = named
        if named == .recent, recent == nil { throw misfit }
      } else if arguments.count == 2 {
        throw LineProblem(
          column: arguments[1].column,
          message: Nearest.message(
            "window", Visible.line(arguments[1].text),
            among: FigureWindow.allCases.map(\.rawValue)))
      }
      guard arguments.count < 2 else { throw misfit }
      var location: String?
      if let argument = arguments.first { location = try known(argument, "location") }
      return .clients(location: location, window)
    case .location:
      guard arguments.count == 1 else { throw misfit }
      return .location(try known(arguments[0], "location"))
    case .pair:
      guard arguments.count == 2 else { throw misfit }
      return .pair(try known(arguments[0], "host"), try known(arguments[1], "host"))
    case .cluster:
      guard arguments.isEmpty else { throw misfit }
      return .cluster
    }
  }

  private func known(
    _ token: ConditionTokens.Token, _ noun: String
  ) throws(LineProblem) -> String {
    guard Name.isName(token.text) else { throw wrong(token, "a name of a \(noun)") }
    if let names {
      let known = noun == "host" ? names.hosts : names.locations
      guard known.contains(token.text) else {
        throw LineProblem(
          column: token.column, message: Nearest.message(noun, token.text, among: known))
      }
    }
    return token.text
  }
}

/// Words, brackets, commas and comparison signs, with columns counted from 1.
struct ConditionTokens {
  struct Token: Equatable {
    let text: String
    let column: Int
  }

  private let tokens: [Token]
  private var position = 0
  private let end: Int

  init(_ text: String) {
    let characters = Array(text)
    var tokens: [Token] = []
    var index = 0
    func isWord(_ character: Character) -> Bool { !" \t()<>=!,".contains(character) }
    while index < characters.count {
      let start = index
      if characters[index] == " " || characters[index] == "\t" {
        index += 1
        continue
      }
      if isWord(characters[index]) {
        while index < characters.count, isWord(characters[index]) { index += 1 }
      } else {
        index += 1
        // `<=`, `>=`, `!=` and `==` are one sign.
        if "<>!=".contains(characters[start]), index < characters.count, characters[index] == "=" {
          index += 1
        }
      }
      tokens.append(Token(text: String(characters[start..<index]), column: start + 1))
    }
    self.tokens = tokens
    end = characters.count + 1
  }

  /// Of the next token, or one past the end.
  var column: Int { position < tokens.count ? tokens[position].column : end }

  mutating func next() -> Token? {
    guard position < tokens.count else { return nil }
    position += 1
    return tokens[position - 1]
  }

  mutating func take(_ text: String) -> Bool {
    guard position < tokens.count, tokens[position].text == text else { return false }
    position += 1
    return true
  }

  mutating func takeComparison() -> Condition.Comparison? {
    guard position < tokens.count else { return nil }
    let text = tokens[position].text == "==" ? "=" : tokens[position].text
    guard let comparison = Condition.Comparison(rawValue: text) else { return nil }
    position += 1
    return comparison
  }
}
