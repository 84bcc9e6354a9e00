/// One line of an operation history: an invocation, or how it ended.
///
/// The rules are Jepsen's: `fail` certainly did not happen, `info` may have happened or may happen
/// at any later time, and a process with an `info` is never used again.
public struct OperationRecord: Equatable, Sendable {
  public enum Kind: String, Sendable { case invoke, ok, fail, info }
  public enum Function: String, Sendable { case read, write }

  public var process: UInt32
  public var kind: Kind
  public var function: Function
  public var key: String
  /// Nil at a read's invocation, and where the read found the initial value.
  public var value: UInt64?
  /// Nanoseconds of virtual time.
  public var time: Int64
  /// On `ok`: the place of the version in the order in which the store holds the key's versions.
  public var version: Int64?

  public init(
    process: UInt32, kind: Kind, function: Function, key: String, value: UInt64?, time: Int64,
    version: Int64? = nil
  ) {
    self.process = process
    self.kind = kind
    self.function = function
    self.key = key
    self.value = value
    self.time = time
    self.version = version
  }
}
