import ClusterSim

/// A predicate over measured figures: goals of lessons and objectives of scenarios.
///
/// `availability(west) < 90% and stale_reads > 0 for 3s`: clauses joined by `and` bind tighter
/// than `or`; `for` at the end asks that it hold so long at a stretch.
public struct Condition: Equatable, Sendable {
  /// As written.
  public let text: String
  /// Any of these groups must hold, each with all of its clauses.
  public let alternatives: [[Clause]]
  /// How long at a stretch; zero where a moment is enough.
  public let hold: Span

  /// A comparison of one figure.
  public struct Clause: Equatable, Sendable {
    public let figure: Figure
    public let comparison: Comparison
    public let threshold: Threshold

    public var text: String {
      if figure.unit == .yesOrNo, comparison == .equal, case .number(let value) = threshold {
        return (value == 0 ? "not " : "") + figure.text
      }
      return "\(figure.text) \(comparison.rawValue) \(threshold.text(figure.unit))"
    }
  }

  public enum Comparison: String, CaseIterable, Sendable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case notEqual = "!="
    case less = "<"
    case greater = ">"
    case equal = "="
  }

  public enum Threshold: Equatable, Sendable {
    /// In the figure's own unit.
    case number(Double)
    case setting(SettingValue)

    func text(_ unit: FigureUnit) -> String {
      switch self {
      case .number(let value): unit.text(value)
      case .setting(let value): value.text
      }
    }
  }
}

/// How a condition stands at a moment: one line a clause, with the measured figure.
public struct ConditionStatus: Equatable, Sendable {
  public struct ClauseStatus: Equatable, Sendable {
    public let text: String
    /// As shown; `-` where the figure does not exist yet.
    public let measured: String
    public let holds: Bool
  }
  public let clauses: [ClauseStatus]
  /// Whether it holds at this moment, however long.
  public let holdsNow: Bool
}

extension Condition {
  /// Judges the condition on the state as it is. A figure that does not exist holds nothing.
  public func status(in simulation: Simulation) -> ConditionStatus {
    let groups = alternatives.map { $0.map { $0.status(in: simulation) } }
    return ConditionStatus(
      clauses: groups.flatMap { $0 },
      holdsNow: groups.contains { $0.allSatisfy(\.holds) })
  }
}

extension Condition.Clause {
  func status(in simulation: Simulation) -> ConditionStatus.ClauseStatus {
    switch (figure, threshold) {
    case (.setting(let path), .setting(let wanted)):
      guard let value = SettingCatalogue.find(path)?.get(simulation.settings) else { break }
      return .init(
        text: text, measured: value.text,
        holds: Self.holds(value, comparison, wanted))
    case (.measured, .number(let wanted)):
      let value = figure.value(in: simulation)
      return .init(
        text: text, measured: figure.unit.text(value),
        holds: value.map { comparison.holds($0, wanted) } ?? false)
    // The parser never mixes the two.
    case (.setting, .number), (.measured, .setting): break
    }
    return .init(text: text, measured: "-", holds: false)
  }

  private static func holds(
    _ value: SettingValue, _ comparison: Condition.Comparison, _ wanted: SettingValue
  ) -> Bool {
    if let left = value.number, let right = wanted.number { return comparison.holds(left, right) }
    switch comparison {
    case .equal: return value == wanted
    case .notEqual: return value != wanted
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return false
    }
  }
}

extension Condition.Comparison {
  func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }
}

extension SettingValue {
  /// For settings that have an order.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .span(let value): Double(value.nanoseconds)
    case .flag, .word, .distribution: nil
    }
  }
}
