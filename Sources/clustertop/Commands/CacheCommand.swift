import ClusterSim
import Scenarios

extension Option {
  static let policies = Option(
    "policy", value: "LIST", "policies, such as lru,sieve; lru,fifo,lfu,clock,sieve,s3fifo at first"
  )
  static let sizes = Option(
    "size", value: "LIST", "objects that the cache holds, such as 100,1000; a row a size")
  static let bits = Option("bits", "print one letter a request, H for a hit and M for a miss")
}

extension Command {
  static let cache = Command(
    "cache", operands: "TRACE", count: 1...1,
    "Plays a trace against eviction policies, beside the clairvoyant optimum",
    options: [.policies, .sizes, .bits, .textOrJSON],
    notes: """
      TRACE is a file with one key a line, or - for standard input; empty lines are no requests, a
      carriage return before a line feed is no part of the key. Keys are any bytes, compared as such.
      Every object has size 1, every request is a get that fills on a miss. Policies:
      \(PlayedPolicy.all.map { "  \($0.name): \($0.meaning)" }.joined(separator: "\n"))
      """,
    run: { arguments throws(Failure) in try CacheCommand(arguments).run() })
}

/// A policy as the tool knows it: one of the cache servers', or the optimum.
enum PlayedPolicy: Equatable, Sendable {
  case online(Settings.Policy)
  case optimum

  static let all = Settings.Policy.allCases.map { PlayedPolicy.online($0) } + [.optimum]
  /// What is compared where nothing is said.
  static let usual = [Settings.Policy.lru, .fifo, .lfu, .clock, .sieve, .s3fifo].map {
    PlayedPolicy.online($0)
  }

  var name: String {
    switch self {
    case .online(let policy): policy.rawValue
    case .optimum: "opt"
    }
  }

  var meaning: String {
    switch self {
    case .online(let policy): policy.meaning
    case .optimum: "the object whose next request is farthest away leaves first (Belady's MIN)"
    }
  }
}

/// `clustertop cache`.
private struct CacheCommand {
  private let policies: [PlayedPolicy]
  private let sizes: [Int]
  private let path: String
  private let isJSON: Bool
  private let wantsBits: Bool
  private static let sizeLimit = 1 << 28

  init(_ arguments: Arguments) throws(Failure) {
    policies = try Self.policies(arguments.text(.policies))
    guard let text = arguments.text(.sizes) else {
      throw Failure("--size is missing; write such as `clustertop cache --size 100,1000 TRACE`")
    }
    sizes = try Self.sizes(text)
    path = arguments.operands[0]
    isJSON = arguments.text(.textOrJSON) == "json"
    wantsBits = arguments.has(.bits)
    if wantsBits && (policies.count > 1 || sizes.count > 1) {
      throw Failure("--bits prints one line: give one policy and one size with it")
    }
    if wantsBits && isJSON { throw Failure("--bits and --format json exclude each other") }
  }

  private static func policies(_ text: String?) throws(Failure) -> [PlayedPolicy] {
    guard let text else { return PlayedPolicy.usual }
    var policies: [PlayedPolicy] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let policy = PlayedPolicy.all.first(where: { $0.name == word }) else {
        let names = PlayedPolicy.all.map(\.name)
        throw Failure(
          "--policy: \(Nearest.message("policy", String(word), among: names)) "
            + "(\(names.joined(separator: ", ")))")
      }
      if policies.contains(policy) { throw Failure("--policy: \(policy.name) is there twice") }
      policies.append(policy)
    }
    return policies
  }

  private static func sizes(_ text: String) throws(Failure) -> [Int] {
    var sizes: [Int] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(word), (1...sizeLimit).contains(size) else {
        throw Failure("--size: '\(word)' is not a whole number from 1 to \(sizeLimit)")
      }
      if sizes.contains(size) { throw Failure("--size: \(size) is there twice") }
      sizes.append(size)
    }
    return sizes
  }

  func run() throws(Failure) -> Int32 {
    StopSignal.watch()
    var trace = CacheTrace()
    var reader = try LineReader(path)
    try reader.visit { (key) throws(Failure) in
      guard trace.requests.count < CacheTrace.limit else {
        throw Failure("\(path): more than \(CacheTrace.limit) requests; expected fewer")
      }
      trace.append(key)
    }
    if wantsBits { try printBits(trace) } else { try compare(trace) }
    return ExitCode.done
  }

  private func printBits(_ trace: CacheTrace) throws(Failure) {
    var letters: [UInt8] = []
    letters.reserveCapacity(trace.requests.count + 1)
    let note: (Bool) -> Bool = {
      letters.append(UInt8(ascii: $0 ? "H" : "M"))
      return StopSignal.pending == nil
    }
    switch policies[0] {
    case .online(let policy): trace.play(policy, capacity: sizes[0], each: note)
    case .optimum: ClairvoyantOptimum(trace).play(capacity: sizes[0], each: note)
    }
    try StopSignal.check()
    letters.append(UInt8(ascii: "\n"))
    try Descriptor.print(String(decoding: letters, as: UTF8.self))
  }

  private func compare(_ trace: CacheTrace) throws(Failure) {
    let optimum = ClairvoyantOptimum(trace)
    let plays = sizes.count * (policies.count { $0 != .optimum } + 1)
    var watch = PlayWatch(requests: plays * trace.requests.count)
    var report = CacheReport(requests: trace.requests.count, keys: trace.keyCount)
    for size in sizes {
      let best = optimum.play(capacity: size) { _ in watch.goesOn() }
      for policy in policies {
        var hits = best
        if case .online(let online) = policy {
          hits = trace.play(online, capacity: size) { _ in watch.goesOn() }
        }
        report.rows.append(.init(policy: policy.name, size: size, hits: hits, best: best))
      }
    }
    watch.clear()
    try StopSignal.check()
    try Descriptor.print(isJSON ? report.json.text + "\n" : report.text)
  }
}

/// The bar while traces are played; looks at the clock now and then only.
private struct PlayWatch {
  private let requests: Int
  private var done = 0
  private var bar = ProgressBar("playing")

  init(requests: Int) { self.requests = max(1, requests) }

  /// False once a signal came.
  @inline(__always)
  mutating func goesOn() -> Bool {
    done += 1
    if done & 0xFFFF == 0 {
      bar.show(Double(done) / Double(requests))
      return StopSignal.pending == nil
    }
    return true
  }

  mutating func clear() { bar.clear() }
}
