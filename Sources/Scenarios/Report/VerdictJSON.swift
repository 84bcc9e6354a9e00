import Consistency

/// The object of a verdict, as `run --format json` and `check --format json` print it.
public enum VerdictJSON {
  /// The fields of interface.md first, in its order.
  public static func fields(_ verdict: Verdict) -> [(String, JSONValue)] {
    [
      ("linearizable", .string(verdict.linearizable.rawValue)),
      ("keys_checked", .integer(verdict.keysChecked)),
      ("violations", .array(verdict.violations.map(violation))),
      ("read_your_writes", .string(verdict.readYourWrites.rawValue)),
      ("monotonic_reads", .string(verdict.monotonicReads.rawValue)),
      ("monotonic_writes", .string(verdict.monotonicWrites.rawValue)),
      ("writes_follow_reads", .string(verdict.writesFollowReads.rawValue)),
      ("causal", .string(verdict.causal.rawValue)),
      ("causal_unknown", verdict.causalDoubt.map { .string($0.text) } ?? .null),
      ("keys_violated", .integer(verdict.keysViolated)),
      ("keys_unknown", .array(verdict.keysUnknown.map { .string($0) })),
      ("keys_with_siblings", .integer(verdict.keysWithSiblings)),
      ("session_violations", .array(verdict.sessionViolations.map(session))),
      ("causal_violation", verdict.causalViolation.map(causal) ?? .null),
      ("operations", .integer(verdict.operations)),
      ("states_tried", .integer(verdict.statesTried)),
    ]
  }

  private static func violation(_ violation: Violation) -> JSONValue {
    .object([
      ("key", .string(violation.key)),
      ("operations", .array(violation.operations.map { .object(operation($0)) })),
      ("out_of", .integer(violation.outOf)),
      ("smallest", .bool(violation.isSmallest)),
    ])
  }

  private static func session(_ violation: SessionViolation) -> JSONValue {
    .object([
      ("guarantee", .string(violation.guarantee.rawValue)),
      ("key", .string(violation.key)),
      ("operations", .array(violation.operations.map { .object(operation($0)) })),
    ])
  }

  private static func causal(_ violation: CausalViolation) -> JSONValue {
    .object([
      ("pattern", .string(violation.pattern)),
      (
        "operations",
        .array(
          violation.operations.map { .object([("key", .string($0.key))] + operation($0.operation)) }
        )
      ),
    ])
  }

  /// `type` is how it ended; `begin` and `end` are its places among all events.
  private static func operation(_ operation: Violation.Operation) -> [(String, JSONValue)] {
    [
      ("process", .integer(Int(operation.process))),
      ("type", .string(operation.kind.rawValue)),
      ("f", .string(operation.function.rawValue)),
      (
        "value",
        operation.function == .cas
          ? .array([value(operation.from), value(operation.value)]) : value(operation.value)
      ),
      ("invoke_time", operation.invokeTime.map { .integer(Int($0)) } ?? .null),
      ("complete_time", operation.completeTime.map { .integer(Int($0)) } ?? .null),
      ("version", operation.version.map { .integer(Int($0)) } ?? .null),
      ("begin", .integer(operation.begin)),
      ("end", operation.end.map { .integer($0) } ?? .null),
      ("line", .integer(operation.line)),
    ]
  }

  private static func value(_ value: HistoryValue?) -> JSONValue {
    switch value {
    case nil: .null
    case .integer(let number): .integer(Int(number))
    case .text(let text): .string(text)
    }
  }
}
