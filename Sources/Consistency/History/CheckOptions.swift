/// How a history is read and how long it may be thought about.
public struct CheckOptions: Equatable, Sendable {
  /// A failed cas: Knossos takes it as not having happened, Porcupine's model of etcd as having
  /// found another value.
  public enum FailedCas: String, Equatable, Sendable, CaseIterable { case drop, observed }
  /// A read that returned nil: for Knossos it may have found anything, for Porcupine nil is a value
  /// like every other, the one that nothing was written.
  public enum NilRead: String, Equatable, Sendable, CaseIterable { case any, value }
  public enum Model: String, Equatable, Sendable, CaseIterable {
    case register
    case casRegister = "cas-register"
  }

  public var model = Model.casRegister
  /// What a register holds before the first write; nil is that nothing does.
  public var initial: HistoryValue?
  public var failedCas = FailedCas.drop
  public var nilRead = NilRead.value
  /// States tried per key before the answer is `unknown`; also bounds the memory of a search.
  public var limit = 2_000_000
  /// Words of 4 bytes that the clocks of causality may take before its answer is `unknown`. The same
  /// for the live judge, so that a run and its exported history are judged alike: 128 MB at most.
  public var causalWords = 32 << 20
  /// Violations that are shrunk to their smallest part; those of further keys are counted only.
  public var shownViolations = 1000

  public init() {}
}
