import ClusterSim
import Glibc
import Scenarios

extension Option {
  static let nodes = Option("nodes", value: "LIST", "nodes and weights, such as a,b,c=2")
  static let scheme = Option(
    "scheme", choices: PlacementScheme.allCases.map(\.rawValue),
    "how keys are placed; ring at first")
  static let vnodes = Option(
    "vnodes", value: "N", "virtual nodes per unit of weight on the ring; 64 at first")
  static let keys = Option("keys", value: "FILE", "keys to place, one a line; - is standard input")
  static let replicas = Option("replicas", value: "N", "nodes listed for each key; 3 at first")
  static let join = Option("join", value: "LIST", "nodes that come; report what moves")
  static let leave = Option("leave", value: "LIST", "nodes that go; report what moves")
  static let bound = Option(
    "bound", value: "C",
    "ring: no node owns more than C times its part of the different keys, such as 1.25")
}

extension Command {
  static let ring = Command(
    "ring", "Says which nodes own which keys, how evenly, and what moves",
    options: [
      .nodes, .scheme, .vnodes, .keys, .replicas, .join, .leave, .bound, .textOrJSON,
    ],
    notes: """
      Schemes:
      \(PlacementScheme.allCases.map { "  \($0): \($0.meaning)" }.joined(separator: "\n"))
      Tokens are the first 8 bytes of SHA-1 over the key, and over NODE#i for virtual nodes.
      Empty lines and a carriage return before a line feed are no part of keys, which are UTF-8 and
      compared by their bytes. All are checked before anything is printed. With keys,
      --format json prints one line a key, {"key": "...", "owners": ["n2", "n3", "n1"]}; with --join
      or --leave each has "owners_after" too, and a last line has "moves".
      Without keys, moves are counted over \(RingCommand.sampleSize) made-up keys.
      range and --bound look at all keys first; the others place them as they come. --bound counts
      different keys (Mirrokni, Thorup, Zadimoghaddam): a key that comes again keeps its owner and
      takes no second place, whereas without it every line counts.
      """,
    run: { arguments throws(Failure) in
      var command = try RingCommand(arguments)
      return try command.run()
    })
}

/// `clustertop ring`.
struct RingCommand {
  static let sampleSize = 100_000
  private let nodes: [PlacementNode]
  /// The nodes after some came or went; nil where none does.
  private let nodesAfter: [PlacementNode]?
  private let scheme: PlacementScheme
  private let virtualNodes: Int
  private let replicas: Int
  private let bound: Double?
  private let path: String?
  private let isJSON: Bool
  private var output = OutputBuffer()

  init(_ arguments: Arguments) throws(Failure) {
    guard let list = arguments.text(.nodes) else {
      throw Failure("--nodes is missing; write `clustertop ring --nodes a,b,c=2`")
    }
    nodes = try NodeList.parse(list, .nodes)
    scheme = arguments.text(.scheme).flatMap(PlacementScheme.init) ?? .ring
    virtualNodes = try arguments.integer(.vnodes, in: 1...4096) ?? 64
    replicas = try arguments.integer(.replicas, in: 1...Placement.nodeLimit) ?? 3
    bound = try arguments.number(.bound, in: 1...1000)
    path = arguments.text(.keys)
    isJSON = arguments.text(.textOrJSON) == "json"
    nodesAfter = try Self.change(nodes, arguments)
    if bound != nil && scheme != .ring {
      throw Failure("--bound is for --scheme ring, not \(scheme.rawValue)")
    }
    if bound != nil && path == nil {
      throw Failure("--bound needs keys to count; give them with --keys FILE")
    }
  }

  private static func change(
    _ nodes: [PlacementNode], _ arguments: Arguments
  ) throws(Failure) -> [PlacementNode]? {
    var after = nodes
    if let list = arguments.text(.leave) {
      for node in try NodeList.parse(list, .leave) {
        guard let place = after.firstIndex(where: { $0.name == node.name }) else {
          let message = Nearest.message("node", node.name, among: after.map(\.name))
          throw Failure("--leave: \(message)")
        }
        after.remove(at: place)
      }
      guard !after.isEmpty || arguments.has(.join) else {
        throw Failure("--leave: nobody would be left to own the keys")
      }
    }
    if let list = arguments.text(.join) { after += try NodeList.parse(list, .join) }
    return arguments.has(.leave) || arguments.has(.join) ? after : nil
  }

  mutating func run() throws(Failure) -> Int32 {
    StopSignal.watch()
    guard let path else {
      let report = try shares()
      try Descriptor.print(isJSON ? report.json.text + "\n" : report.text)
      return ExitCode.done
    }
    let isQuiet = isatty(STDOUT_FILENO) == 1
    var reader = try LineReader(path, isQuiet: isQuiet)
    try reader.checkText()
    var tally: RingTally
    if scheme == .range || bound != nil {
      var keys = KeyInterner()
      var order: ContiguousArray<UInt32> = []
      try reader.visit { (key) throws(Failure) in
        guard order.count < CacheTrace.limit else {
          throw Failure("\(path): more than \(CacheTrace.limit) keys; expected fewer")
        }
        order.append(keys.number(of: key))
      }
      tally = try self.tally(keys: keys, count: keys.count)
      var bar = ProgressBar("placing")
      for (index, number) in order.enumerated() {
        keys.withBytes(of: number) { place($0, bound == nil ? nil : Int(number), &tally) }
        try output.flushIfFull()
        if index & 0xFFFF == 0xFFFF {
          if !isQuiet { bar.show(Double(index) / Double(order.count)) }
          if StopSignal.pending != nil { bar.clear() }
          try StopSignal.check()
        }
      }
      bar.clear()
    } else {
      tally = try self.tally(keys: nil, count: 0)
      try reader.visit { (key) throws(Failure) in
        place(key, nil, &tally)
        try output.flushIfFull()
      }
    }
    try finish(tally)
    return ExitCode.done
  }

  private func tally(keys: KeyInterner?, count: Int) throws(Failure) -> RingTally {
    let before = try placement(nodes, keys, .nodes)
    var after: Placement?
    if let nodesAfter { after = try placement(nodesAfter, keys, .join) }
    return RingTally(before, after, replicas: replicas, bound: bound, keys: count)
  }

  private func placement(
    _ nodes: [PlacementNode], _ keys: KeyInterner?, _ option: Option
  ) throws(Failure) -> Placement {
    do {
      return try Placement(scheme, nodes: nodes, virtualNodes: virtualNodes, keys: keys)
    } catch { throw Failure("--\(option.name): \(error)") }
  }

  /// - Parameter number: of the key among the different ones, where loads are bounded.
  private mutating func place(_ key: KeyBytes, _ number: Int?, _ tally: inout RingTally) {
    if let number { tally.placeWithinBounds(key, number: number) } else { tally.place(key) }
    if isJSON { tally.writeJSON(key, to: &output) } else { tally.writeText(key, to: &output) }
  }

  private mutating func finish(_ tally: RingTally) throws(Failure) {
    let report = RingReport(tally, virtualNodes: virtualNodes)
    if isJSON {
      if let moves = report.movesJSON {
        output.append(JSONValue.object([("moves", moves)]).text.utf8)
        output.append("\n")
      }
    } else {
      if tally.count > 0 { output.append("\n") }
      output.append(report.text.utf8)
    }
    try output.flush()
  }

  /// Without keys: the shares by the scheme's own space, moves over made-up keys that are spread
  /// evenly over all texts of eight bytes.
  private func shares() throws(Failure) -> RingReport {
    var tally = try self.tally(keys: nil, count: 0)
    if nodesAfter != nil {
      for index in 0..<UInt64(Self.sampleSize) {
        // The golden ratio's multiples fill the space evenly in any number.
        var key = (index &* 0x9e37_79b9_7f4a_7c15).bigEndian
        withUnsafeBytes(of: &key) { tally.place($0) }
      }
    }
    return RingReport(tally, virtualNodes: virtualNodes, isSample: true)
  }
}
