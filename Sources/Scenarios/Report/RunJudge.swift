import ClusterSim
import Consistency

/// Collects the history of a run and judges it as `clustertop check` judges the exported file: the
/// same records in the same order, so the same verdict to the last byte.
struct RunJudge {
  /// Nil once the history has grown beyond what a check would read.
  private var builder: HistoryBuilder? = HistoryBuilder()

  /// Records kept between two looks at most.
  static let recordLimit = 4_000_000

  /// Takes the next records, in order of time.
  mutating func take(_ records: [OperationRecord]) {
    for record in records {
      if builder == nil { return }
      do { try builder?.add(record) } catch { builder = nil }
    }
  }

  /// Everything is `unknown` where the history is too long, or lacks records that were refused.
  func verdict(isComplete: Bool) -> Verdict {
    guard isComplete, let history = try? builder?.history() else { return .unknown }
    var judge = HistoryJudge(history)
    while judge.judgeNextKey() {}
    return judge.verdict()
  }
}
