import CellUI
import ClusterSim

/// The replica groups in the quorum panel: what is wrong and what the last change of primary cost,
/// one line a group, and the servers of the chosen one with role, log and lag.
enum ReplicaRows {
  static func note(_ settings: Settings.Replication) -> String {
    "\(settings.mode.rawValue), reads \(settings.reads.rawValue)"
  }

  static func rows(_ scene: Scene, width: Int, height: Int) -> RaftRows.Rows {
    let groups = scene.simulation.replicaGroups
    let news = news(scene, width: width).count
    let rows = RaftRows.Rows(
      height: max(0, height - news), groups: groups.count,
      servers: groups.map(\.count).max() ?? 0, locations: scene.simulation.locationNames.count,
      chosen: chosen(scene.state, scene.simulation))
    return rows.moved(by: news)
  }

  static func chosen(_ state: AppState, _ simulation: Simulation) -> Int {
    min(state.raftGroup, max(0, simulation.replicaGroups.count - 1))
  }

  /// Draws all but the shares; gives the row where those begin, nil where there is no room for them.
  static func draw(_ scene: Scene, _ canvas: inout Canvas) -> Int? {
    let groups = scene.simulation.replicaGroups
    let rows = rows(scene, width: canvas.width, height: canvas.height)
    drawFigures(scene, &canvas)
    for (place, line) in news(scene, width: canvas.width).enumerated() {
      canvas.text(1, 1 + place, line.text, line.style, width: canvas.width - 1)
    }
    let chosen = chosen(scene.state, scene.simulation)
    for y in rows.groups {
      let index = rows.first + y - rows.groups.lowerBound
      drawGroup(scene, &canvas, y, index, groups[index], isChosen: index == chosen)
    }
    ReplicaTable.draw(scene, &canvas, rows.servers, chosen, groups[chosen])
    return rows.shares
  }

  private static func drawFigures(_ scene: Scene, _ canvas: inout Canvas) {
    var (led, all, isSplit) = (0, 0, false)
    var more: [String] = []
    if let figures = scene.simulation.replicationFigures {
      (led, all, isSplit) = (figures.led, figures.groups, figures.split > 0)
      if figures.unserved > 0 { more.append("of them on an old disk \(figures.unserved)") }
      more += [
        "promotions \(figures.promotions)", "passed on \(Figure.count(figures.forwarded))",
        "copies \(figures.copiesSent)",
      ]
    } else if let figures = scene.simulation.multiPrimaryFigures {
      (led, all) = (figures.serving, figures.primaries)
      more = [
        figures.conflicts.map { "conflicts \($0)" }
          ?? "siblings read \(scene.simulation.siblingFigures.readsWithSiblings)",
        "passed on \(Figure.count(figures.forwarded))",
        "copies \(figures.copiesSent)",
      ]
    }
    let whole = led == all && !isSplit
    var x = 1
    x += canvas.text(
      x, 0, "primaries \(led)/\(all)", Style(whole ? .good : .bad, .bold))
    let lost = scene.simulation.lostAcknowledgedWrites()
    x += 2
    x += canvas.text(
      x, 0, "lost \(lost)", lost > 0 ? Style(.bad, .bold) : .dim, width: max(0, canvas.width - x))
    for text in more where x + 2 + text.columns <= canvas.width {
      x += 2 + canvas.text(x + 2, 0, text, .dim)
    }
  }

  /// What is wrong now, then the last change of primary, in a narrow panel on two lines.
  static func news(_ scene: Scene, width: Int) -> [(text: String, style: Style)] {
    var lines: [(text: String, style: Style)] = []
    if let figures = scene.simulation.multiPrimaryFigures {
      let differ = figures.divergentKeys
      let text = "keys that differ now: \(differ)"
      let style = differ > 0 ? Style(.stale, .bold) : .dim
      guard figures.conflicts == nil else { return [(text, style)] }
      let kept = scene.simulation.keysWithSiblings()
      let both = text + ", with siblings: \(kept)"
      return both.columns < width
        ? [(both, style)]
        : [(text, style), ("with siblings: \(kept)", kept > 0 ? Style(.warning) : .dim)]
    }
    let groups = scene.simulation.replicaGroups
    if let split = groups.firstIndex(where: { $0.count(where: \.serves) > 1 }) {
      let names = groups[split].filter(\.serves).map { scene.name($0.host) }
      lines.append(
        ("SPLIT BRAIN g\(split + 1): \(names.joined(separator: " + ")) write", Style(.bad, .bold)))
    } else if (scene.simulation.replicationFigures?.fallenBack ?? 0) > 0 {
      lines.append(("SEMI-SYNC WAITS FOR NOBODY: it is async now", Style(.warning, .bold)))
    }
    if let last = scene.simulation.failovers.last {
      let whole = text(of: last, scene)
      if whole.columns < width {
        lines.append((whole, Style(.leader)))
      } else {
        let (head, tail) = parts(of: last, scene)
        lines += [(head, Style(.leader)), ("  " + tail, Style(.leader))]
      }
    }
    return lines
  }

  /// `g1 n1>n2 found 3.1 led 0.0 moved 0.5 s`: the three parts of a down-time.
  static func text(of failover: Failover, _ scene: Scene) -> String {
    let (head, tail) = parts(of: failover, scene)
    return head + " " + tail
  }

  private static func parts(of failover: Failover, _ scene: Scene) -> (String, String) {
    func seconds(_ span: Span?) -> String {
      span.map { NumberText.fixed($0.seconds, 1) } ?? "-"
    }
    return (
      "g\(failover.group + 1) \(scene.name(failover.from))>\(scene.name(failover.to)) "
        + "found \(seconds(failover.detection))",
      "led \(seconds(failover.promotion)) moved \(seconds(failover.redirect)) s"
    )
  }

  private static func drawGroup(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ index: Int,
    _ servers: [ReplicaServerView], isChosen: Bool
  ) {
    if isChosen {
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold))
      if scene.state.focus == .quorum { canvas.park(0, y) }
    }
    canvas.text(1, y, "g\(index + 1)", isChosen ? Style(.title, .bold) : .text, width: 3)
    var x = 5
    for server in servers {
      let mark = Words.server(server, canvas.glyphs)
      let name = scene.name(server.host)
      guard x + 1 + name.columns <= canvas.width else { break }
      canvas.put(x, y, mark.glyph, mark.style)
      x += 2 + canvas.text(x + 1, y, name, Words.node(scene.index(of: server.host) ?? 0))
    }
    let serving = servers.count(where: \.serves)
    if scene.simulation.multiPrimaryFigures == nil, serving != 1, x + 10 <= canvas.width {
      canvas.text(x, y, serving == 0 ? "no primary" : "SPLIT", Style(.bad, .bold))
    }
  }
}

extension RaftRows.Rows {
  /// The same with so many lines more above the groups.
  func moved(by lines: Int) -> RaftRows.Rows {
    RaftRows.Rows(
      groups: groups.lowerBound + lines..<groups.upperBound + lines, first: first,
      servers: servers.lowerBound + lines..<servers.upperBound + lines,
      shares: shares.map { $0 + lines })
  }
}

/// The servers of one replica group.
enum ReplicaTable {
  static func draw(
    _ scene: Scene, _ canvas: inout Canvas, _ rows: Range<Int>, _ index: Int,
    _ servers: [ReplicaServerView]
  ) {
    guard let top = rows.first else { return }
    let name = max(2, servers.map { scene.name($0.host).columns }.max() ?? 2)
    let role = 2 + name
    // Where the panel is narrow the columns move together: how late a copy is must be in sight.
    let ends =
      role + 28 <= canvas.width
      ? [role + 14, role + 20, role + 28, role + 38]
      : [role + 12, role + 18, role + 25, role + 35]
    canvas.text(1, top, "g\(index + 1)", Style(.dim, .bold), width: role)
    let titles = ["tl", "lag", "ms", "log end"]
    for (title, end) in zip(titles, ends) where end <= canvas.width {
      canvas.textRight(end, top, title, Style(.dim, .bold))
    }
    let newest = servers.map(\.last).max() ?? 0
    for (y, server) in zip(rows.dropFirst(), servers) {
      let mark = Words.server(server, canvas.glyphs)
      let number = scene.index(of: server.host) ?? 0
      canvas.text(1, y, scene.name(server.host), Words.node(number), width: name)
      canvas.put(role, y, mark.glyph, mark.style)
      canvas.text(role + 2, y, mark.word, mark.style, width: 8)
      let late = server.lagEntries > 0
      let values: [(String, Style)] = [
        ("\(server.timeline)", .text),
        ("\(server.lagEntries)", late ? Style(.stale, .bold) : .text),
        (
          Figure.milliseconds(nanoseconds: server.lag?.nanoseconds),
          late ? Style(.stale) : .text
        ),
        ("\(server.last)", .text),
      ]
      for (value, end) in zip(values, ends) where end <= canvas.width {
        canvas.textRight(end, y, value.0, value.1)
      }
      let bar = ends[ends.count - 1] + 2
      if canvas.width - bar >= 6, newest > 0 {
        Bar(Double(server.applied) / Double(newest), look: .solid, style: Words.node(number))
          .draw(&canvas, bar, y, width: canvas.width - bar - 1)
      }
    }
  }
}
