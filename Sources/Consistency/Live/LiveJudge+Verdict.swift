extension LiveJudge {
  /// As a verdict on a finished history. `name` gives a key's name by its number.
  public func verdict(name: (UInt32) -> String) -> Verdict {
    var verdict = Verdict()
    verdict.linearizable = linearizable
    verdict.operations = operations
    verdict.keysViolated = keysViolated
    verdict.keysUnknown = unknownKeys.map(name)
    verdict.keysWithSiblings = keysWithSiblings
    verdict.keysChecked = keysJudged - keysUnknown
    for guarantee in SessionGuarantee.allCases { verdict[guarantee] = answer(guarantee) }
    verdict.causal = causal
    verdict.causalDoubt = causalDoubt
    verdict.causalViolation = causalViolation(name: name)
    var byKey: [UInt32: Violation] = [:]
    for violation in violations { byKey[violation.key] = violation }
    verdict.violations = violatedKeys.compactMap { byKey[$0] }.map { violation in
      Consistency.Violation(
        key: name(violation.key), operations: violation.operations, outOf: violation.outOf,
        isSmallest: violation.isSmallest)
    }
    return verdict
  }
}
