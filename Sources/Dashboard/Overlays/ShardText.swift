import CellUI
import ClusterSim

/// Shards with their load, what moves between groups, who routes by which directory, the families of
/// keys, and what queries over several of them cost.
enum ShardText {
  static func lines(_ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    guard let epoch = simulation.directoryEpoch else {
      writer.add("The engine leaderless has no groups: its ring says where each key lives.")
      families(scene, &writer)
      queries(scene, &writer)
      return
    }
    let storage = scene.settings.storage
    writer.pair(
      "keys go to shards", "by \(storage.sharding.rawValue), \(storage.shards) groups")
    if let keeper = simulation.directoryKeeper {
      let runs = simulation.host(keeper).state == .up
      writer.pair(
        "directory",
        "epoch \(epoch), kept by \(scene.name(keeper))\(runs ? "" : ", which is down")",
        runs ? .text : Style(.bad, .bold))
    }
    routes(scene, epoch, &writer)
    load(scene, &writer)
    moves(scene, &writer)
    families(scene, &writer)
    queries(scene, &writer)
  }

  private static func routes(_ scene: Scene, _ epoch: Int, _ writer: inout LineWriter) {
    let behind = scene.nodes.filter {
      $0.state != .left && (scene.simulation.routeEpoch(of: $0.id) ?? epoch) < epoch
    }
    let routing = scene.simulation.routing
    writer.pair(
      "old directories",
      behind.isEmpty ? "none" : behind.map(\.name).joined(separator: " "),
      behind.isEmpty ? .text : Style(.stale, .bold))
    writer.pair(
      "stale routes",
      "\(routing.stale) requests sent back; directory asked for \(routing.asked) times, got "
        + "\(routing.told)")
  }

  private static func load(_ scene: Scene, _ writer: inout LineWriter) {
    writer.heading("Shards, in the order of their keys")
    let shards = scene.simulation.shards
    let most = max(1, shards.map(\.rate).max() ?? 1)
    // 10 for the name, 29 for the figures, 3 between.
    let content = shards.map(\.content.columns).max() ?? 0
    let bar = max(0, min(20, writer.width - 42 - content))
    writer.pair("", "group   keys      kB    req/s", .dim, column: 10)
    for shard in shards {
      let cells = [
        NumberText.right("g\(shard.group)", 6),
        NumberText.left("\(shard.keys)", 6), NumberText.left("\(shard.bytes / 1024)", 8),
        NumberText.left("\(Int(shard.rate.rounded()))", 9),
      ]
      let length = Int((shard.rate / most * Double(bar)).rounded())
      let drawn = String(repeating: "#", count: length)
      writer.pair(
        "s\(shard.number)",
        cells.joined() + "  " + NumberText.right(drawn, bar + 1) + shard.content,
        shard.rate > 0 && shard.rate == most ? Style(.accent, .bold) : .text, column: 10)
    }
  }

  private static func moves(_ scene: Scene, _ writer: inout LineWriter) {
    let moves = scene.simulation.shardMoves.suffix(6)
    writer.heading("Moves")
    if moves.isEmpty { writer.add("none: move-shard (key E), split-shard", .dim) }
    for move in moves.reversed() {
      let style: Style =
        switch (move.isOver, move.state) {
        case (false, _): Style(.warning, .bold)
        case (true, "moved"): Style(.good)
        case (true, _): Style(.stale)
        }
      var text = "\(move.state), \(move.keys) keys, \(move.bytes / 1024) kB"
      if let ended = move.endedAt { text += " in \((ended - move.beganAt).rough)" }
      writer.pair("s\(move.shard) g\(move.from) > g\(move.to)", text, style, column: 16)
      if let waited = move.writesWaited {
        writer.pair(
          "", "writes waited \(waited.rough), \(move.refused) requests sent back", .dim,
          column: 16)
      }
    }
  }

  private static func families(_ scene: Scene, _ writer: inout LineWriter) {
    guard scene.settings.workload.families else { return }
    writer.heading("Families of keys: answered, and since faults last changed")
    for family in KeyFamily.allCases {
      guard let figures = scene.simulation.figures(of: family) else { continue }
      let now = figures.phaseAvailability
      writer.pair(
        "\(family)",
        "\(Figure.percent(figures.availability))%, now \(Figure.percent(now))%",
        (now ?? 1) < 0.9 ? Style(.bad, .bold) : .text)
    }
  }

  private static func queries(_ scene: Scene, _ writer: inout LineWriter) {
    let figures = scene.simulation.queryFigures
    writer.heading("Queries over several keys")
    guard figures.begun > 0 else {
      writer.add("none: set workload.query_share", .dim)
      return
    }
    func time(_ histogram: LatencyHistogram, _ quantile: Double) -> String {
      Figure.milliseconds(nanoseconds: histogram.quantile(quantile))
    }
    writer.pair(
      "answered in full",
      "\(Figure.percent(figures.availability))%, single reads "
        + "\(Figure.percent(figures.partAvailability))%")
    writer.pair(
      "p50 / p99 in ms",
      "\(time(figures.latency, 0.5)) / \(time(figures.latency, 0.99)), single reads "
        + "\(time(figures.partLatency, 0.5)) / \(time(figures.partLatency, 0.99))")
    if figures.ok > 0 {
      let ok = Double(figures.ok)
      writer.pair(
        "cost of one",
        "\(Figure.rate(Double(figures.hops) / ok)) messages between hosts, "
          + "\(Figure.rate(Double(figures.groups) / ok)) groups")
    }
  }
}
