import ClusterSim
import Consistency
import Scenarios

extension Option {
  static let replicaCount = Option("n", value: "N", "replicas of a key (default 3)")
  static let readQuorum = Option("r", value: "R", "responses that a read waits for (default 1)")
  static let writeQuorum = Option(
    "w", value: "W", "acknowledgements that a write waits for (default 1)")
  static let latency = Option(
    "latency", value: "MODEL",
    "one-way delays: \(PublishedFit.allCases.map(\.rawValue).joined(separator: ", ")) "
      + "or a distribution (default lnkd-ssd)")
  static let times = Option(
    "t", value: "MS,...", "milliseconds from the write's end to the read (default 0,5,10,50,100)")
  static let trials = Option("trials", value: "N", "writes and reads to draw (default 1000000)")
}

extension Command {
  static let predict = Command(
    "predict", "Predicts staleness and latency of quorums from delays",
    options: [
      .replicaCount, .readQuorum, .writeQuorum, .latency, .times, .trials, .seed, .textOrJSON,
    ],
    notes: """
      Model: WARS of Bailis et al., Probabilistically Bounded Staleness, VLDB 2012. Four independent
      one-way delays a replica; the coordinator is no replica and asks all N; one write, one read; no
      read repair, no hints, no failures. A real cluster differs where these do not hold.
      Fits:
      \(PublishedFit.allCases.map { "  \($0.rawValue): \($0.about)" }.joined(separator: "\n"))
      Distributions, for all four delays:
        \(Distribution.forms.joined(separator: ", "))
      """,
    run: { arguments throws(Failure) in try PredictCommand(arguments).run() })
}

/// `clustertop predict`.
private struct PredictCommand {
  let arguments: Arguments
  private static let shares = [0.99, 0.999]
  private static let versions = [1, 2, 3, 5, 10]

  init(_ arguments: Arguments) { self.arguments = arguments }

  private struct Result {
    var n: Int
    var r: Int
    var w: Int
    var latency: String
    var trials: Int
    /// At 50, 99 and 99.9 %.
    var read: [Double]
    var write: [Double]
    var consistent: [(t: Double, p: Double)]
    var timeFor: [Double]
    var stale: [(k: Int, p: Double)]
  }

  func run() throws(Failure) -> Int32 {
    let n = try arguments.integer(.replicaCount, in: 1...QuorumPrediction.maximumReplicas) ?? 3
    let r = try arguments.integer(.readQuorum, in: 1...n) ?? 1
    let w = try arguments.integer(.writeQuorum, in: 1...n) ?? 1
    let latency = arguments.text(.latency) ?? PublishedFit.linkedInSSD.rawValue
    let model = try Self.model(latency)
    let times = try Self.times(arguments.text(.times) ?? "0,5,10,50,100")
    let trials =
      try arguments.integer(.trials, in: 1...QuorumPrediction.maximumTrials) ?? 1_000_000
    var prediction = QuorumPrediction(
      n: n, r: r, w: w, model: model, seed: try arguments.seed() ?? 1)

    StopSignal.watch()
    var bar = ProgressBar("predict")
    while prediction.trials < trials {
      prediction.run(trials: min(20_000, trials - prediction.trials))
      bar.show(Double(prediction.trials) / Double(trials))
      if StopSignal.pending != nil { bar.clear() }
      try StopSignal.check()
    }
    bar.clear()
    let reads = QuorumLatency(readOf: model, n: n, r: r)
    let writes = QuorumLatency(writeOf: model, n: n, w: w)
    let quantiles = [0.5, 0.99, 0.999]
    let result = Result(
      n: n, r: r, w: w, latency: latency, trials: trials,
      read: quantiles.map { Self.rounded(reads.quantile($0)) },
      write: quantiles.map { Self.rounded(writes.quantile($0)) },
      consistent: times.map { ($0, prediction.consistent(at: $0)) },
      timeFor: Self.shares.map { Self.rounded(prediction.time(for: $0)) },
      stale: Self.versions.map {
        ($0, Self.rounded(VersionStaleness.stale(n: n, r: r, w: w, k: $0)))
      })
    try Descriptor.print(
      arguments.text(.textOrJSON) == "json" ? Self.json(result) : Self.text(result))
    return ExitCode.done
  }

  private static func model(_ text: String) throws(Failure) -> LatencyModel {
    if let fit = PublishedFit(rawValue: text) { return fit.model }
    switch Distribution.parse(text) {
    case .success(let distribution): return LatencyModel(DelayModel(distribution))
    case .failure(let problem):
      let fits = PublishedFit.allCases.map(\.rawValue)
      if !text.contains(" "), let nearest = Nearest.name(to: text, among: fits) {
        throw Failure("--latency: unknown model '\(text)'; did you mean '\(nearest)'?")
      }
      throw Failure("--latency: \(problem), or one of: \(fits.joined(separator: ", "))")
    }
  }

  private static func times(_ text: String) throws(Failure) -> [Double] {
    var times: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let time = Double(part), time >= 0, time <= 1e12, times.count < 1000 else {
        throw Failure("--t: '\(part)' is not a number of milliseconds from 0; as in --t 0,5,10")
      }
      times.append(time)
    }
    return times
  }

  /// Six digits that count: more would say more than the trials know.
  private static func rounded(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return value }
    var scale = 1.0
    while value * scale < 100_000, scale < 1e15 { scale *= 10 }
    return (value * scale).rounded() / scale
  }
}

// Forms of the result.
extension PredictCommand {
  private static func json(_ result: Result) -> String {
    func latency(_ values: [Double]) -> JSONValue {
      .object(zip(["p50", "p99", "p999"], values).map { ($0, .number($1)) })
    }
    return JSONValue.object([
      ("n", .integer(result.n)),
      ("r", .integer(result.r)),
      ("w", .integer(result.w)),
      ("latency", .string(result.latency)),
      ("trials", .integer(result.trials)),
      ("read_ms", latency(result.read)),
      ("write_ms", latency(result.write)),
      (
        "consistent",
        .array(result.consistent.map { .object([("t_ms", .number($0.t)), ("p", .number($0.p))]) })
      ),
      (
        "t_ms_for",
        .object(zip(shares, result.timeFor).map { ("\($0)", .number($1)) })
      ),
      (
        "k_stale",
        .array(result.stale.map { .object([("k", .integer($0.k)), ("p", .number($0.p))]) })
      ),
    ]).text + "\n"
  }

  private static func text(_ result: Result) -> String {
    func row(_ name: String, _ values: [Double]) -> String {
      name + values.map { padded("\($0)", 12) }.joined() + "\n"
    }
    var text = "N=\(result.n) R=\(result.r) W=\(result.w), delays \(result.latency)"
    text += result.r + result.w > result.n ? ", quorums overlap\n\n" : ", quorums may miss\n\n"
    text += "latency, ms" + padded("50 %", 9) + padded("99 %", 12) + padded("99.9 %", 12) + "\n"
    text += row("read    ", result.read) + row("write   ", result.write)
    text += "\na read this long after the write's end sees it (\(result.trials) trials)\n"
    for (t, p) in result.consistent {
      text += padded("\(t)", 10) + " ms" + padded(percent(p), 13) + "\n"
    }
    for (share, time) in zip(shares, result.timeFor) {
      text += padded(percent(share), 13) + " from \(time) ms on\n"
    }
    text += "\na read misses all of the last k versions, if nothing spreads beyond the W\n"
    for (k, p) in result.stale {
      text += padded("k=\(k)", 13) + padded(percent(p), 13) + "\n"
    }
    return text
  }

  private static func percent(_ share: Double) -> String { "\(rounded(share * 100)) %" }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}

extension DelayModel {
  /// The same distribution with milliseconds instead of spans.
  fileprivate init(_ distribution: Distribution) {
    if let second = distribution.second {
      self.init(distribution.share, Self.shape(distribution.first), else: Self.shape(second))
    } else {
      self.init(Self.shape(distribution.first))
    }
  }

  private static func shape(_ shape: Distribution.Shape) -> Shape {
    func milliseconds(_ span: Span) -> Double { Double(span.nanoseconds) / 1e6 }
    switch shape {
    case .constant(let span): return .constant(milliseconds(span))
    case .uniform(let low, let high): return .uniform(milliseconds(low), milliseconds(high))
    case .exponential(let mean): return .exponential(mean: milliseconds(mean))
    case .normal(let mean, let deviation):
      return .normal(mean: milliseconds(mean), deviation: milliseconds(deviation))
    case .lognormal(let median, let sigma):
      return .lognormal(median: milliseconds(median), sigma: sigma)
    case .pareto(let lowest, let alpha):
      return .pareto(lowest: milliseconds(lowest), alpha: alpha)
    }
  }
}
