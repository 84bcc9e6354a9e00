import CellUI
import ClusterSim

/// A replica group in full: its servers, its changes of primary, the writes that those cost.
enum ReplicaText {
  static func lines(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let groups = scene.simulation.replicaGroups
    guard groups.indices.contains(index) else {
      writer.add("There is no such group.")
      return
    }
    let servers = groups[index]
    let isMulti = scene.simulation.multiPrimaryFigures != nil
    let serving = servers.filter(\.serves).map { scene.name($0.host) }
    writer.pair(
      "takes writes", serving.isEmpty ? "nobody" : serving.joined(separator: " and "),
      isMulti || serving.count == 1 ? .text : Style(.bad, .bold))
    writer.pair(
      "a write waits for",
      isMulti
        ? "nobody; its entry is sent \(scene.settings.replication.shipDelay) later"
        : waits(scene.settings.replication))
    writer.heading("Its servers")
    writer.pair("", "role        timeline  log end  replayed  lag  lag ms", .dim, column: 12)
    for server in servers {
      let mark = Words.server(server, .ascii)
      let cells = [
        (mark.word, 12), ("\(server.timeline)", 10), ("\(server.last)", 9),
        ("\(server.applied)", 10), ("\(server.lagEntries)", 5),
        (Figure.milliseconds(nanoseconds: server.lag?.nanoseconds), 0),
      ]
      writer.pair(
        scene.name(server.host), cells.map { NumberText.right($0.0, $0.1) }.joined(), mark.style,
        column: 12)
    }
    if !isMulti { failovers(index, scene, &writer) }
    arrivals(index, scene, &writer)
    losses(index, scene, &writer)
    writer.add("")
    if isMulti {
      let lag =
        "Lag: entries of the other primaries that are not in this copy, and the age of the oldest. "
      if scene.settings.storage.versions == .vector {
        writer.add(
          lag
            + "Writes that did not know of each other stay side by side as siblings until a client "
            + "that has read them all writes the next.", .dim)
        return
      }
      writer.add(
        lag
          + "A write is lost where no primary holds it and nobody who held it wrote over it: the "
          + "concurrent one with the later clock was kept.", .dim)
      return
    }
    writer.add(
      "Lag: entries of the newest primary's log that are not in this copy, and the age of the "
        + "oldest of them. A down-time is found (until a replica asks for a promotion), led (until "
        + "the new primary takes requests) and moved (until every node that it reaches sends there).",
      .dim)
  }

  private static func waits(_ settings: Settings.Replication) -> String {
    switch settings.mode {
    case .async: "nobody; its entry is sent \(settings.shipDelay) later"
    case .semiSync: "one replica, for \(settings.semiSyncTimeout) at most, then for nobody"
    case .sync: "all replicas"
    }
  }

  private static func failovers(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    writer.heading("Its changes of primary")
    let own = scene.simulation.failovers.filter { $0.group == index }.suffix(8)
    if own.isEmpty { writer.add("none", .dim) }
    for failover in own.reversed() {
      writer.pair(
        Figure.clock(failover.promotedAt),
        ReplicaRows.text(of: failover, scene)
          + (failover.missing > 0 ? ", \(failover.missing) acknowledged writes missing" : ""),
        failover.missing > 0 ? Style(.bad) : .text, column: 12)
    }
  }

  /// Servers that came while it ran: how long the copy took, and when they counted.
  private static func arrivals(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let own = scene.simulation.arrivals.filter { $0.group == index }.suffix(4)
    if own.isEmpty { return }
    writer.heading("Servers that came")
    for arrival in own.reversed() {
      func after(_ moment: Instant?) -> String {
        moment.map { NumberText.fixed(($0 - arrival.began).seconds, 1) + " s" } ?? "-"
      }
      writer.pair(
        scene.name(arrival.host),
        "at \(Figure.clock(arrival.began)), \(arrival.keys) keys, copy after "
          + "\(after(arrival.copiedAt)), then \(arrival.worstLagEntries) entries behind at most, "
          + "counts after \(after(arrival.countsAt))", column: 12)
    }
  }

  private static func losses(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let lost = scene.simulation.lostWrites
    let own = lost.count(ofGroup: index)
    writer.heading("Acknowledged writes lost")
    writer.pair("here, for good", own == 0 ? "none" : "\(own)", own == 0 ? .text : Style(.bad))
    for write in lost.newest(ofGroup: index).suffix(6).reversed() {
      writer.pair(
        "  write \(write.value)",
        "of \(write.key), acknowledged at \(Figure.clock(write.acknowledged)), "
          + "lost at \(Figure.clock(write.at)): \(write.cause.name)", column: 16)
    }
    if let figures = scene.simulation.replicationFigures {
      writer.pair(
        "here, unserved",
        "\(scene.simulation.unservedWrites(ofGroup: index)): in a log, but not in the newest "
          + "primary's")
      unknown(figures.auditDropped, &writer)
    } else if let figures = scene.simulation.multiPrimaryFigures {
      unknown(figures.notFollowed, &writer)
    }
    writer.pair(
      "in all groups",
      lost.count == 0
        ? "none"
        : LostWrite.Cause.allCases.filter { lost.count($0) > 0 }
          .map { "\(lost.count($0)) \($0.name)" }.joined(separator: ", "))
  }

  private static func unknown(_ count: Int, _ writer: inout LineWriter) {
    guard count > 0 else { return }
    writer.pair(
      "not followed", "\(count) writes: more were under way than the audit keeps", Style(.warning))
  }
}
