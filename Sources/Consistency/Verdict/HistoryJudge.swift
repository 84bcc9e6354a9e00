/// Judges a whole history, key by key, so that the caller can show how far it is and stop.
public struct HistoryJudge: Sendable {
  public let options: CheckOptions
  private let history: History
  private let initial: ValueTable.ID
  private let values: ValueTable
  private var check: LinearizabilityCheck
  private var nextKey = 0
  private var operationsJudged = 0
  private var result = Verdict()

  /// - Parameter mayContinue: asked often while a key is searched. Once it says no the rest is soon
  ///   over, and the verdict means nothing.
  public init(
    _ history: History, _ options: CheckOptions = CheckOptions(),
    while mayContinue: @escaping @Sendable () -> Bool = { true }
  ) {
    self.history = history
    self.options = options
    var values = history.values
    initial = values.id(options.initial)
    self.values = values
    check = LinearizabilityCheck(
      initial: initial, valueCount: values.values.count, options: options, while: mayContinue)
    result.operations = history.operationCount
  }

  /// From 0 to 1.
  public var progress: Double {
    history.operationCount == 0 ? 1 : Double(operationsJudged) / Double(history.operationCount)
  }

  /// Judges one more key; false if there is none.
  public mutating func judgeNextKey() -> Bool {
    guard nextKey < history.keys.count else { return false }
    let key = nextKey
    nextKey += 1
    let numbers = history.numbers(ofKey: key)
    if numbers.isEmpty { return true }
    let operations = numbers.map { history.operations[Int($0)] }
    operationsJudged += operations.count
    let answer = check.answer(operations)
    result.statesTried += check.tried
    let hasSiblings = operations.contains { $0.hasSiblings }
    if hasSiblings { result.keysWithSiblings += 1 }
    switch answer {
    case .yes where hasSiblings: result.keysUnknown.append(history.keys[key])
    case .yes: result.keysChecked += 1
    case .unknown: result.keysUnknown.append(history.keys[key])
    case .no(let failure):
      result.keysChecked += 1
      result.keysViolated += 1
      if result.violations.count < options.shownViolations {
        result.violations.append(violation(key, operations, failure))
      }
    }
    judgeSessions(key, numbers, isLinearizable: answer == .yes && !hasSiblings)
    guard hasSiblings, !operations.contains(where: { $0.clock != nil }) else { return true }
    for guarantee in SessionGuarantee.allCases {
      result[guarantee] = result[guarantee] && .unknown
    }
    return true
  }

  private func violation(
    _ key: Int, _ operations: [HistoryOperation], _ failure: Int
  ) -> Violation {
    var shrinker = Shrinker(check, options: options)
    let smallest = shrinker.smallest(operations, failure: failure)
    // Without a smaller part: what overlaps the failure, as far as a person can read it.
    let shown =
      smallest
      ?? operations.filter {
        $0.complete >= operations[failure].invoke && $0.invoke < operations[failure].complete
      }.suffix(20)
    return Violation(
      key: history.keys[key], operations: shown.map { Violation.Operation($0, values) },
      outOf: operations.count, isSmallest: smallest != nil)
  }

  private mutating func judgeSessions(_ key: Int, _ numbers: [Int32], isLinearizable: Bool) {
    let check = SessionCheck(
      history.operations, numbers, initial: initial, isLinearizable: isLinearizable)
    for guarantee in SessionGuarantee.allCases {
      result[guarantee] = result[guarantee] && check.answers[guarantee]!
    }
    for breach in check.breaches
    where !result.sessionViolations.contains(where: { $0.guarantee == breach.guarantee }) {
      result.sessionViolations.append(
        SessionViolation(
          guarantee: breach.guarantee, key: history.keys[key],
          operations: breach.operations.map {
            Violation.Operation(history.operations[Int($0)], values)
          }))
    }
  }

  /// What is known when all keys are judged.
  public consuming func verdict() -> Verdict {
    if result.keysViolated > 0 {
      result.linearizable = .no
    } else if !result.keysUnknown.isEmpty {
      result.linearizable = .unknown
    }
    // What is linearizable is causal.
    if result.linearizable != .yes { judgeCausality() }
    return result
  }

  private mutating func judgeCausality() {
    let found = CausalCheck.result(
      history.operations, initial: initial, options, while: check.mayContinue)
    switch found {
    case .holds: result.causal = .yes
    case .unknown(let doubt):
      result.causal = .unknown
      result.causalDoubt = doubt
    case .broken(let pattern, let numbers):
      result.causal = .no
      result.causalViolation = CausalViolation(
        pattern: pattern.rawValue,
        operations: numbers.map { number in
          let operation = history.operations[Int(number)]
          return (history.keys[Int(operation.key)], Violation.Operation(operation, values))
        })
    }
  }
}
