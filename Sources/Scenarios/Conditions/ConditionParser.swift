import ClusterSim

extension Condition {
  /// The longest text of a condition, and the most clauses.
  static let textLimit = 512
  static let clauseLimit = 16

  /// Reads a condition. With `names`, locations and hosts must be among them.
  ///
  /// Throws `LineProblem` with the column of what is wrong and what would be right.
  public static func parse(
    _ text: String, names: ActionNames? = nil
  ) throws(LineProblem) -> Condition {
    guard text.utf8.count <= textLimit else {
      throw LineProblem(column: 1, message: "a condition is at most \(textLimit) bytes long")
    }
    var parser = ConditionParser(tokens: ConditionTokens(text), names: names)
    return try parser.condition(text)
  }
}

extension Figure {
  /// Reads a figure alone, such as `availability(west, phase)`. Errors as in `Condition.parse`.
  public static func parse(
    _ text: String, names: ActionNames? = nil
  ) throws(LineProblem) -> Figure {
    guard text.utf8.count <= Condition.textLimit else {
      throw LineProblem(column: 1, message: "a figure is a short name")
    }
    var parser = ConditionParser(tokens: ConditionTokens(text), names: names)
    let figure = try parser.figure()
    if let token = parser.tokens.next() {
      throw LineProblem(
        column: token.column, message: "'\(Visible.line(token.text))' is too much; one figure")
    }
    return figure
  }
}

/// Recursive descent without recursion: alternatives of groups of clauses.
struct ConditionParser {
  var tokens: ConditionTokens
  let names: ActionNames?

  mutating func condition(_ text: String) throws(LineProblem) -> Condition {
    var alternatives: [[Condition.Clause]] = [[]]
    var count = 0
    while true {
      count += 1
      guard count <= Condition.clauseLimit else {
        throw LineProblem(
          column: tokens.column, message: "more than \(Condition.clauseLimit) clauses")
      }
      alternatives[alternatives.count - 1].append(try clause())
      guard let joint = tokens.next() else {
        return Condition(text: text, alternatives: alternatives, hold: .zero)
      }
      switch joint.text {
      case "and": continue
      case "or": alternatives.append([])
      case "for":
        return Condition(text: text, alternatives: alternatives, hold: try hold())
      default:
        throw LineProblem(
          column: joint.column,
          message: "'\(Visible.line(joint.text))' does not go on from a clause; "
            + "expected and, or, for 3s, or the end")
      }
    }
  }

  private mutating func hold() throws(LineProblem) -> Span {
    let token = try expect("a length of time after 'for', such as 3s")
    guard case .success(let hold) = Span.parse(token.text), hold > .zero, hold <= .seconds(3600)
    else { throw wrong(token, "a length of time up to 3600s, such as 3s") }
    if let extra = tokens.next() {
      throw LineProblem(
        column: extra.column, message: "'for \(token.text)' ends a condition; nothing follows it")
    }
    return hold
  }

  private mutating func clause() throws(LineProblem) -> Condition.Clause {
    let negated = tokens.take("not")
    let column = tokens.column
    let figure = try self.figure()
    let sign = tokens.takeComparison()
    if figure.unit == .yesOrNo {
      return try yesOrNo(figure, sign, negated: negated)
    }
    guard !negated else {
      throw LineProblem(
        column: column, message: "'not' goes only before a figure that is yes or no")
    }
    guard let sign else {
      throw LineProblem(
        column: tokens.column,
        message: "'\(figure.text)' needs a comparison such as \(example(figure))")
    }
    let token = try expect("a value to compare '\(figure.text)' with")
    return .init(figure: figure, comparison: sign, threshold: try threshold(figure, sign, token))
  }

  private mutating func yesOrNo(
    _ figure: Figure, _ sign: Condition.Comparison?, negated: Bool
  ) throws(LineProblem) -> Condition.Clause {
    var wanted = !negated
    if let sign {
      let token = try expect("true or false")
      guard sign == .equal || sign == .notEqual else {
        throw wrong(token, "a figure with an order; '\(figure.text)' is yes or no")
      }
      guard case .flag(let value)? = try? SettingKind.flag.parse(token.text) else {
        throw wrong(token, "true or false")
      }
      if value != (sign == .equal) { wanted.toggle() }
    }
    return .init(figure: figure, comparison: .equal, threshold: .number(wanted ? 1 : 0))
  }

  private func threshold(
    _ figure: Figure, _ sign: Condition.Comparison, _ token: ConditionTokens.Token
  ) throws(LineProblem) -> Condition.Threshold {
    if case .setting(let path) = figure, let setting = SettingCatalogue.find(path) {
      do {
        let value = try setting.kind.parse(token.text)
        guard value.number != nil || sign == .equal || sign == .notEqual else {
          throw LineProblem(
            column: token.column, message: "\(path) has no order; compare it with = or !=")
        }
        return .setting(value)
      } catch let error as SettingError {
        throw LineProblem(column: token.column, message: "\(path): \(error.message)")
      } catch let error as LineProblem {
        throw error
      } catch { throw wrong(token, setting.kind.range) }
    }
    guard let number = figure.unit.parse(token.text) else {
      throw wrong(token, figure.unit.expected)
    }
    return .number(number)
  }

  private func example(_ figure: Figure) -> String {
    switch figure.unit {
    case .share: "< 90%"
    case .milliseconds: "< 50ms"
    case .seconds: "> 20s"
    case .count, .yesOrNo: "= 0"
    }
  }

  mutating func expect(_ what: String) throws(LineProblem) -> ConditionTokens.Token {
    guard let token = tokens.next() else {
      throw LineProblem(column: tokens.column, message: "\(what) is missing")
    }
    return token
  }

  func wrong(_ token: ConditionTokens.Token, _ right: String) -> LineProblem {
    LineProblem(
      column: token.column, message: "'\(Visible.line(token.text))' is not \(right)")
  }
}

extension FigureUnit {
  var expected: String {
    switch self {
    case .count: "a whole number from 0"
    case .share: "a share from 0% to 100%"
    case .milliseconds, .seconds: "a length of time such as 50ms or 3s"
    case .yesOrNo: "true or false"
    }
  }

  /// A value of this unit as a condition writes it.
  func parse(_ text: String) -> Double? {
    switch self {
    case .count: return Int(text).flatMap { $0 >= 0 ? Double($0) : nil }
    case .share:
      if case .number(let share)? = try? SettingKind.share.parse(text) { return share }
      return nil
    case .milliseconds: return try? Span.parse(text).get().milliseconds
    case .seconds: return try? Span.parse(text).get().seconds
    case .yesOrNo:
      if case .flag(let flag)? = try? SettingKind.flag.parse(text) { return flag ? 1 : 0 }
      return nil
    }
  }
}
