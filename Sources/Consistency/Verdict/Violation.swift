/// The smallest part of one key's history that no order of operations explains.
public struct Violation: Equatable, Sendable {
  /// One operation, as it is shown.
  public struct Operation: Equatable, Sendable {
    public var process: Int64
    public var function: OperationRecord.Function
    /// `ok`, `fail` (a failed cas that counts as an observation), or `info` for one without an end.
    public var kind: OperationRecord.Kind
    /// Read, written, or put in place by a cas.
    public var value: HistoryValue?
    /// What a cas expected.
    public var from: HistoryValue?
    /// The places of invocation and end among all events of the history; nil for no end.
    public var begin: Int
    public var end: Int?
    /// Nanoseconds, where the history has them.
    public var invokeTime: Int64?
    public var completeTime: Int64?
    public var version: Int64?
    /// Where it was invoked: the line in the file, from 1.
    public var line: Int
  }

  public var key: String
  /// In the order of their invocations.
  public var operations: [Operation]
  /// How many operations the key has in all.
  public var outOf: Int
  /// False where the limit kept the part from being the smallest.
  public var isSmallest: Bool
}

/// Operations of one process and key that break a session guarantee.
public struct SessionViolation: Equatable, Sendable {
  public var guarantee: SessionGuarantee
  public var key: String
  public var operations: [Violation.Operation]
}

/// Operations that form a bad pattern of causality.
public struct CausalViolation: Equatable, Sendable {
  public var pattern: String
  /// Each with its key, as the pattern may go through several.
  public var operations: [(key: String, operation: Violation.Operation)]

  public static func == (left: CausalViolation, right: CausalViolation) -> Bool {
    left.pattern == right.pattern
      && left.operations.elementsEqual(right.operations) {
        $0.key == $1.key && $0.operation == $1.operation
      }
  }
}

extension Violation.Operation {
  init(_ operation: HistoryOperation, _ values: ValueTable) {
    process = operation.process
    function = operation.function
    kind =
      switch operation.outcome {
      case .ok: .ok
      case .fail: .fail
      case .open: .info
      }
    value = values[operation.value]
    from = operation.function == .cas ? values[operation.from] : nil
    begin = Int(operation.invoke)
    end = operation.complete == HistoryOperation.never ? nil : Int(operation.complete)
    invokeTime = operation.invokeTime
    completeTime = operation.completeTime
    version = operation.version
    line = Int(operation.line)
  }
}
