import CellUI
import ClusterSim
import Consistency

/// What went wrong for the clients: keys that no order of operations explains, then operations that
/// failed, were slow or stale, newest first.
enum TroubleRow: Equatable {
  /// By its place among the judge's violations.
  case violation(Int)
  /// An operation by the number of its trace.
  case operation(UInt64)

  static let limit = 200

  static func all(_ simulation: Simulation) -> [TroubleRow] {
    simulation.judge.violations.indices.map { .violation($0) }
      + simulation.traces.trouble(limit: limit).map { .operation($0.number) }
  }

  var detail: Detail {
    switch self {
    case .violation(let place): .violation(place)
    case .operation(let number): .why(number)
    }
  }
}

/// The verdict so far, in words.
enum VerdictWords {
  /// A few words for a title.
  static func short(_ simulation: Simulation) -> String {
    guard simulation.settings.observe.verdict else { return "not judged" }
    let judge = simulation.judge
    switch judge.linearizable {
    case .yes: return "linearizable so far"
    case .no:
      let since = judge.violatedSince.map { Figure.clock(Instant(nanoseconds: $0)) } ?? "-"
      return "not linearizable since \(since)"
    case .unknown:
      return judge.keysWithSiblings > 0
        ? "verdict unknown: siblings read" : "verdict unknown: bound met"
    }
  }

  static func mark(_ answer: Answer, _ glyphs: Glyphs) -> Mark {
    switch answer {
    case .yes: Mark(glyph: glyphs.ok, word: "yes", style: Style(.good))
    case .no: Mark(glyph: glyphs.failed, word: "no", style: Style(.bad, .bold))
    case .unknown: Mark(glyph: glyphs.unknown, word: "unknown", style: Style(.unknown))
    }
  }

  static func cells(_ row: TroubleRow, _ simulation: Simulation) -> [(String, Style)] {
    switch row {
    case .violation(let place):
      let violation = simulation.judge.violations[place]
      return [
        (Figure.clock(Instant(nanoseconds: violation.at)), .dim), ("not linearizable", Style(.bad)),
        (simulation.keyName(violation.key), Style(.title)),
        ("no order explains \(violation.operations.count) operations", .text),
      ]
    case .operation(let number):
      guard let trace = simulation.traces.trace(number) else { return [("no longer kept", .dim)] }
      let (word, style) = WhyText.kind(trace)
      return [
        (Figure.clock(Instant(nanoseconds: trace.ended)), .dim), (word, style),
        (simulation.keyName(trace.key), Style(.title)),
        (WhyText.cause(trace, simulation), .text),
      ]
    }
  }
}
