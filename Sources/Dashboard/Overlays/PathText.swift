import CellUI
import ClusterSim

/// The web tier in words.
enum PathText {
  /// A step of an operation on its way through balancer and web server.
  static func step(_ step: TraceStep, by: String, to: String) -> (String, Style) {
    switch step.what {
    case .balanced: ("the balancer \(by) sends it to \(to)", .text)
    case .noWebServer: ("\(by) holds no web server healthy", Style(.bad))
    case .lineFull: ("\(by) turns it away: its line is full", Style(.bad))
    case .begun(let waited):
      (
        "a worker of \(by) takes it up after \(Figure.milliseconds(nanoseconds: waited)) ms in line",
        waited > 0 ? Style(.warning) : .text
      )
    case .passedOn: ("\(by) has worked on it and asks \(to); its worker waits", .text)
    case .answered: ("\(by) answers the balancer", .text)
    case .failed, .again, .overBudget, .notLeader, .shardMoves, .asked, .noLeader: ("", .text)
    }
  }
}
