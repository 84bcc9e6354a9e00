import ClusterSim

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

/// `clustertop bench`.
private enum BenchCommand {
  static func run(_ arguments: Arguments) throws(Failure) -> Int32 {
    let seed = try arguments.seed() ?? 1
    let operations = try arguments.integer(.operations, in: 1...1_000_000_000)
    let benches = try chosen(arguments.operands)
    for bench in benches {
      let one = try arguments.integer(.size, in: bench.range)
      for size in one.map({ [$0] }) ?? bench.sizes {
        try Descriptor.print(try line(bench, size, operations ?? bench.operations, seed))
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
  ) throws(Failure) -> String {
    PeakMemory.reset()
    let start = Clock.processor
    let outcome = try bench.run(size, operations, seed)
    let spent = outcome.nanoseconds ?? (Clock.processor - start)
    let seconds = Double(max(1, spent)) / 1e9
    let rate = Double(outcome.operations) / seconds
    let counts =
      outcome.counts.map { #", "\#($0)": \#($1)"# }.joined()
      + outcome.figures.map { #", "\#($0)": \#(($1 * 1000).rounded() / 1000)"# }.joined()
    return #"{"bench": "\#(bench.name)", "size": \#(size), "operations": \#(outcome.operations), "#
      + #""operations_per_second": \#(Int(rate.rounded())), "#
      + #""peak_rss_kb": \#(PeakMemory.kilobytes), "#
      + #""state_hash": "\#(outcome.stateHash)", "seed": \#(seed), "#
      + #""processor_seconds": \#((seconds * 1e6).rounded() / 1e6)\#(counts)}"# + "\n"
  }
}
