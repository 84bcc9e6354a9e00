/// What a history shows about the consistency its clients got.
public struct Verdict: Equatable, Sendable {
  /// Of every key by itself, which is the same as of all together (Herlihy and Wing 1990).
  public var linearizable: Answer = .yes
  /// Keys with an answer, yes or no.
  public var keysChecked = 0
  /// Keys whose search met the limit, or of which a read found several values and the rest is explained.
  public var keysUnknown: [String] = []
  /// Keys of which a read found several values side by side.
  public var keysWithSiblings = 0
  /// Keys that are not linearizable; `violations` shows as many of them as the options ask for.
  public var keysViolated = 0
  /// In the order in which the keys appear.
  public var violations: [Violation] = []
  public var readYourWrites: Answer = .yes
  public var monotonicReads: Answer = .yes
  public var monotonicWrites: Answer = .yes
  public var writesFollowReads: Answer = .yes
  /// Judged where every value of a key is written once.
  public var causal: Answer = .yes
  /// Why it is `unknown`; nil where it is not.
  public var causalDoubt: CausalDoubt?
  /// The first of each guarantee.
  public var sessionViolations: [SessionViolation] = []
  public var causalViolation: CausalViolation?
  public var operations = 0
  /// States the searches tried.
  public var statesTried = 0

  public init() {}

  /// Nothing could be judged.
  public static var unknown: Verdict {
    var verdict = Verdict()
    verdict.linearizable = .unknown
    for guarantee in SessionGuarantee.allCases { verdict[guarantee] = .unknown }
    verdict.causal = .unknown
    verdict.causalDoubt = .notJudged
    return verdict
  }

  public subscript(guarantee: SessionGuarantee) -> Answer {
    get {
      switch guarantee {
      case .readYourWrites: readYourWrites
      case .monotonicReads: monotonicReads
      case .monotonicWrites: monotonicWrites
      case .writesFollowReads: writesFollowReads
      }
    }
    set {
      switch guarantee {
      case .readYourWrites: readYourWrites = newValue
      case .monotonicReads: monotonicReads = newValue
      case .monotonicWrites: monotonicWrites = newValue
      case .writesFollowReads: writesFollowReads = newValue
      }
    }
  }

  /// Of everything judged: `no` where anything is broken. That linearizability is left open by the
  /// limit leaves all open; session guarantees and causality that cannot be judged, because the
  /// history says too little, do not.
  public var overall: Answer {
    let rest = SessionGuarantee.allCases.map { self[$0] } + [causal]
    if linearizable == .no || rest.contains(.no) { return .no }
    return linearizable
  }
}

extension Verdict {
  /// Judges records in the order in which they happened. `limit`: states tried per key. Throws
  /// where the records contradict one another; lines are their numbers from 1.
  public static func judge(
    records: some Sequence<OperationRecord>, limit: Int = CheckOptions().limit
  ) throws(HistoryProblem) -> Verdict {
    var options = CheckOptions()
    options.limit = limit
    var judge = HistoryJudge(try HistoryBuilder.history(records), options)
    while judge.judgeNextKey() {}
    return judge.verdict()
  }
}
