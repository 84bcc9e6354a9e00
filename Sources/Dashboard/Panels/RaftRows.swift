import CellUI
import ClusterSim

/// The Raft groups in the quorum panel: one line a group, and below them the servers of the chosen
/// one with role, term, vote and how far each log is.
enum RaftRows {
  /// Which rows are whose; a function of the sizes, so that a click is understood by asking again.
  struct Rows: Equatable {
    let groups: Range<Int>
    /// The first group shown.
    let first: Int
    /// Header and servers of the chosen group.
    let servers: Range<Int>
    /// What each location is answered, where room is left.
    let shares: Int?

    init(groups: Range<Int>, first: Int, servers: Range<Int>, shares: Int?) {
      self.groups = groups
      self.first = first
      self.servers = servers
      self.shares = shares
    }

    init(height: Int, groups count: Int, servers size: Int, locations: Int, chosen: Int) {
      let table = size + 1
      let rest = height - 1 - table
      // The table of shares is in the clients' panel too: it comes last.
      let roomForShares = rest - (locations + 1) >= min(count, 2)
      let room = max(1, roomForShares ? rest - (locations + 1) : rest)
      let shown = min(count, room)
      first = min(max(0, chosen - shown / 2), count - shown)
      groups = 1..<1 + shown
      servers = groups.upperBound..<min(max(groups.upperBound, height), groups.upperBound + table)
      shares = roomForShares ? servers.upperBound : nil
    }
  }

  static func chosen(_ state: AppState, _ groups: [RaftGroupView]) -> Int {
    min(state.raftGroup, max(0, groups.count - 1))
  }

  static func rows(_ scene: Scene, _ groups: [RaftGroupView], height: Int) -> Rows {
    Rows(
      height: height, groups: groups.count, servers: groups.map(\.servers.count).max() ?? 0,
      locations: scene.simulation.locationNames.count, chosen: chosen(scene.state, groups))
  }

  /// Draws all but the shares; gives the row where those begin, nil where there is no room for them.
  static func draw(_ scene: Scene, _ canvas: inout Canvas) -> Int? {
    guard let figures = scene.simulation.raftFigures else { return 0 }
    let groups = scene.simulation.raftGroups
    let rows = rows(scene, groups, height: canvas.height)
    drawFigures(scene, &canvas, figures)
    let chosen = chosen(scene.state, groups)
    for y in rows.groups {
      let index = rows.first + y - rows.groups.lowerBound
      drawGroup(scene, &canvas, y, groups[index], isChosen: index == chosen)
    }
    RaftServerTable.draw(scene, &canvas, rows.servers, groups[chosen])
    return rows.shares
  }

  private static func drawFigures(_ scene: Scene, _ canvas: inout Canvas, _ figures: RaftFigures) {
    let whole = figures.led == figures.groups
    var x = 1
    x += canvas.text(
      x, 0, "leaders \(figures.led)/\(figures.groups)", Style(whole ? .good : .bad, .bold))
    let moving = scene.simulation.shardMoves.last { !$0.isOver }.map {
      "s\($0.shard) g\($0.from)>g\($0.to) \($0.state) \($0.keys)"
    }
    for text in (moving.map { [$0] } ?? []) + [
      "elections \(figures.elections)", "reads by \(scene.settings.raft.reads.rawValue)",
      "passed on \(Figure.count(figures.forwarded))", "snapshots \(figures.snapshotsSent)",
    ] where x + 2 + text.columns <= canvas.width {
      x += 2 + canvas.text(x + 2, 0, text, .dim)
    }
  }

  private static func drawGroup(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ group: RaftGroupView, isChosen: Bool
  ) {
    if isChosen {
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold))
      if scene.state.focus == .quorum { canvas.park(0, y) }
    }
    canvas.text(1, y, "g\(group.number)", isChosen ? Style(.title, .bold) : .text, width: 3)
    canvas.text(5, y, "t\(group.term)", .dim, width: 4)
    var x = 9
    if canvas.width >= 60 {
      canvas.text(x, y, "commit \(group.commit)", .dim, width: 15)
      let led = group.leader.map { "led by \(scene.name($0))" } ?? "no leader"
      canvas.text(25, y, led, group.leader == nil ? Style(.bad, .bold) : .text, width: 16)
      x = 42
    }
    for server in group.servers {
      let mark = Words.server(server.state, canvas.glyphs)
      let name = scene.name(server.host)
      guard x + 1 + name.columns <= canvas.width else { break }
      canvas.put(x, y, mark.glyph, mark.style)
      x += 2 + canvas.text(x + 1, y, name, Words.node(scene.index(of: server.host) ?? 0))
    }
    if group.leader == nil, canvas.width < 60, x + 9 <= canvas.width {
      canvas.text(x, y, "no leader", Style(.bad, .bold))
    }
  }
}

/// The servers of one group.
enum RaftServerTable {
  static func draw(
    _ scene: Scene, _ canvas: inout Canvas, _ rows: Range<Int>, _ group: RaftGroupView
  ) {
    guard let top = rows.first else { return }
    let columns = columns(scene, group, width: canvas.width)
    canvas.text(
      1, top, "g\(group.number) commit \(group.commit)", Style(.dim, .bold),
      width: columns.role + 11)
    for (title, end) in columns.titles where end <= canvas.width {
      canvas.textRight(end, top, title, Style(.dim, .bold))
    }
    let newest = group.servers.map(\.last).max() ?? 0
    for (y, server) in zip(rows.dropFirst(), group.servers) {
      let mark = Words.server(server.state, canvas.glyphs)
      let number = scene.index(of: server.host) ?? 0
      canvas.text(1, y, scene.name(server.host), Words.node(number), width: columns.role - 2)
      canvas.put(columns.role, y, mark.glyph, mark.style)
      canvas.text(columns.role + 2, y, mark.word, mark.style, width: 10)
      let lag = server.lag.map { "\($0)" } ?? "-"
      let values: [(String, Style)] = [
        ("\(server.term)", server.term == group.term ? .text : Style(.warning)),
        (server.vote.map { scene.name($0) } ?? "-", .text),
        (lag, server.lag == 0 ? .text : Style(.stale, .bold)),
        ("\(server.commit)", .text), ("\(server.last)", .text),
      ]
      for (value, column) in zip(values, columns.titles) where column.end <= canvas.width {
        canvas.textRight(column.end, y, value.0, value.1)
      }
      let bar = columns.titles[columns.titles.count - 1].end + 2
      if canvas.width - bar >= 8, newest > 0 {
        Bar(Double(server.last) / Double(newest), look: .solid, style: Words.node(number))
          .draw(&canvas, bar, y, width: canvas.width - bar - 1)
      }
    }
  }

  /// Where the role begins and each column ends; those beyond the width are left out.
  private static func columns(
    _ scene: Scene, _ group: RaftGroupView, width: Int
  ) -> (role: Int, titles: [(title: String, end: Int)]) {
    let longest = group.servers.map { scene.name($0.host).columns }.max() ?? 2
    let name = min(max(2, longest), max(2, width / 8))
    let role = 2 + name
    var end = role + 12
    let sizes: [(String, Int)] = [
      ("term", 5), ("vote", max(5, name + 1)), ("lag", 5), ("commit", 8), ("log end", 9),
    ]
    return (
      role,
      sizes.map { title, size in
        end += size
        return (title, end)
      }
    )
  }
}
