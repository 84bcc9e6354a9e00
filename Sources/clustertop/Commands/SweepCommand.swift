import ClusterSim
import Scenarios

extension Option {
  static let seeds = Option("seeds", value: "A-B", "the seeds to run, such as 1-1000")
  static let vary = Option(
    "vary", value: "PATH=V1,V2", isRepeatable: true,
    "values of a setting; several multiply; repeatable")
  static let jobs = Option("jobs", value: "J", "runs at a time; as many as cores at first")
  static let shard = Option("shard", value: "I/N", "only every N-th run, beginning with the I-th")
}

extension Command {
  static let sweep = Command(
    "sweep", operands: "SCENARIO", count: 1...1,
    "Runs many seeds and settings: a line of JSON a run, then means with confidence intervals",
    options: [.seeds, .vary, .set, .length, .jobs, .shard],
    notes: """
      The order of the lines depends neither on --jobs nor on which run ends first. A shard ends
      with a line by which `clustertop merge` knows it. Exit 1: some run missed an objective.
      """,
    run: { arguments throws(Failure) in
      let plan = try plan(arguments)
      let (shard, shards) = try shardOf(arguments)
      let jobs =
        try arguments.integer(.jobs, in: 1...1024) ?? WorkerPool.cores
      let first = shard - 1
      let count = first < plan.count ? (plan.count - first + shards - 1) / shards : 0
      var summary = SweepSummary()
      StopSignal.watch()
      var bar = ProgressBar("sweep")
      defer { bar.clear() }
      try WorkerPool.run(
        count, threads: jobs, job: { line(plan, first + $0 * shards) },
        idle: { done throws(Failure) in
          bar.show(Double(done) / Double(count))
          try StopSignal.check()
        },
        each: { result throws(Failure) in
          let line = try result.get()
          summary.add(line)
          bar.clear()
          try Descriptor.print(line.json.text + "\n")
        })
      bar.clear()
      let last =
        arguments.has(.shard)
        ? SweepSummary.shardLine(shard, of: shards, plan.identityJSON)
        : summary.json(of: plan.identityJSON)
      try Descriptor.print(last.text + "\n")
      return summary.holds ? ExitCode.done : ExitCode.doesNotHold
    })

  static let merge = Command(
    "merge", operands: "FILE...", count: 1...100_000,
    "Joins the shards of a sweep to the very bytes that the whole sweep prints", options: [],
    notes: "All shards of one sweep must be given, each once, in any order.",
    run: { arguments throws(Failure) in
      var merge = SweepMerge()
      for file in arguments.operands {
        let text = try text(of: file)
        do throws(ScenarioError) { try merge.add(text, file: file) } catch {
          throw Failure(error.description)
        }
      }
      let whole: (text: String, holds: Bool)
      do throws(ScenarioError) { whole = try merge.whole() } catch {
        throw Failure(error.description)
      }
      try Descriptor.print(whole.text)
      return whole.holds ? ExitCode.done : ExitCode.doesNotHold
    })

  /// The longest line of a shard, bytes.
  private static var lineLimit: Int { 1 << 20 }

  private static func text(of file: String) throws(Failure) -> String {
    var input = try InputFile(file)
    var bytes: [UInt8] = []
    var (line, start) = (1, 0)
    while true {
      let chunk = try input.next()
      if chunk.isEmpty { break }
      for (place, byte) in chunk.enumerated() where byte == UInt8(ascii: "\n") {
        (line, start) = (line + 1, bytes.count + place + 1)
      }
      bytes += chunk
      // What is no sweep may have no end.
      guard bytes[0] == UInt8(ascii: "{"), bytes.count - start <= lineLimit else {
        throw Failure(
          "\(file):\(bytes[0] == UInt8(ascii: "{") ? line : 1):1: is no line of a sweep, which is "
            + "an object in JSON of at most \(lineLimit) bytes")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(file): is not UTF-8 text")
    }
    return text
  }

  private static func line(_ plan: SweepPlan, _ index: Int) -> Result<SweepLine, Failure> {
    do throws(ScenarioError) { return .success(try plan.line(index)) } catch {
      return .failure(Failure(error.description))
    }
  }

  private static func plan(_ arguments: Arguments) throws(Failure) -> SweepPlan {
    let length = try arguments.span(.length, in: .milliseconds(1)...Scenario.longestDuration)
    let scenario = try ScenarioChoice.load(arguments.operands[0], arguments)
    do throws(ScenarioError) {
      var variations: [SweepPlan.Variation] = []
      for text in arguments.all(.vary) { variations.append(try .init(text)) }
      let plan = try SweepPlan(
        scenario, seeds: try seeds(arguments), variations: variations,
        changes: arguments.all(.set), length: length, build: Build.id)
      return plan
    } catch { throw Failure(error.description) }
  }

  static func seeds(
    _ arguments: Arguments
  ) throws(ScenarioError) -> ClosedRange<UInt64> {
    guard let text = arguments.text(.seeds) else { return 1...10 }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    if ends.count == 1, let only = ends[0] { return only...only }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
      throw ScenarioError(
        file: "--seeds", message: "'\(text)' is no range of seeds, such as 1-1000")
    }
    return low...high
  }

  private static func shardOf(_ arguments: Arguments) throws(Failure) -> (Int, Int) {
    guard let text = arguments.text(.shard) else { return (1, 1) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1],
      (1...100_000).contains(count), (1...count).contains(index)
    else {
      throw Failure("--shard: '\(text)' is not I/N with I from 1 to N, such as 3/16")
    }
    return (index, count)
  }
}
