import ClusterSim
import Scenarios

extension Option {
  static let size = Option("size", value: "N", "only this size: pending events, nodes or cells")
  static let operations = Option(
    "operations", value: "N", "how much to do, instead of the usual amount")
}

extension Command {
  static let bench = Command(
    "bench", operands: "[NAME...]", count: 0...16, "Measures the program itself; JSON Lines",
    options: [.size, .operations, .seed],
    notes: """
      Names: \(Bench.all.map(\.name).joined(separator: ", ")).
      Rates are per second of processor time of this process (CLOCK_PROCESS_CPUTIME_ID).
      """,
    run: { arguments throws(Failure) in try BenchCommand.run(arguments) })
}

/// One thing to measure.
struct Bench: Sendable {
  struct Outcome {
    var operations: Int
    var stateHash: StateHash
    /// Processor time of what is measured, where that is not all of it.
    var nanoseconds: Int64?
  }

  let name: String
  /// What `size` counts, and what it may be.
  let sizes: [Int]
  let range: ClosedRange<Int>
  let operations: Int?
  let run: @Sendable (_ size: Int, _ operations: Int?, _ seed: UInt64) -> Outcome

  static let all: [Bench] = [hold, gossip]

  /// Pending events: each one popped schedules one.
  static let hold = Bench(
    name: "hold", sizes: [100, 10_000, 1_000_000], range: 1...10_000_000, operations: 2_000_000
  ) { size, operations, seed in
    let outcome = KernelBench.hold(size: size, operations: operations!, seed: seed)
    return Outcome(operations: outcome.operations, stateHash: outcome.stateHash)
  }

  /// Heartbeats of so many nodes for a virtual minute; operations are messages merged.
  static let gossip = Bench(
    name: "gossip", sizes: [10, 100, 1000, 10_000], range: 2...65_536, operations: nil
  ) { size, operations, seed in
    let seconds = operations.map { max(1, $0 / size) } ?? 60
    let outcome = KernelBench.gossip(nodes: size, seconds: seconds, seed: seed)
    return Outcome(operations: outcome.operations, stateHash: outcome.stateHash)
  }
}

/// `clustertop bench`.
private enum BenchCommand {
  static func run(_ arguments: Arguments) throws(Failure) -> Int32 {
    let seed = try arguments.seed() ?? 1
    let operations = try arguments.integer(.operations, in: 1...1_000_000_000)
    let benches = try chosen(arguments.operands)
    for bench in benches {
      let one = try arguments.integer(.size, in: bench.range)
      for size in one.map({ [$0] }) ?? bench.sizes {
        try Descriptor.print(line(bench, size, operations ?? bench.operations, seed))
      }
    }
    return ExitCode.done
  }

  private static func chosen(_ names: [String]) throws(Failure) -> [Bench] {
    var benches: [Bench] = []
    for name in names {
      guard let bench = Bench.all.first(where: { $0.name == name }) else {
        throw Failure(Nearest.message("bench", name, among: Bench.all.map(\.name)))
      }
      benches.append(bench)
    }
    return benches.isEmpty ? Bench.all : benches
  }

  private static func line(
    _ bench: Bench, _ size: Int, _ operations: Int?, _ seed: UInt64
  ) -> String {
    PeakMemory.reset()
    let start = Clock.processor
    let outcome = bench.run(size, operations, seed)
    let spent = outcome.nanoseconds ?? (Clock.processor - start)
    let seconds = Double(max(1, spent)) / 1e9
    let rate = Double(outcome.operations) / seconds
    return #"{"bench": "\#(bench.name)", "size": \#(size), "operations": \#(outcome.operations), "#
      + #""operations_per_second": \#(Int(rate.rounded())), "#
      + #""peak_rss_kb": \#(PeakMemory.kilobytes), "#
      + #""state_hash": "\#(outcome.stateHash.hex)", "seed": \#(seed), "#
      + #""processor_seconds": \#((seconds * 1e6).rounded() / 1e6)}"# + "\n"
  }
}
