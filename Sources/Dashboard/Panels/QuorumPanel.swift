import CellUI
import ClusterSim

/// N, R and W, what they promise in words, and what each location can be answered now.
enum QuorumPanel: Panel {
  static let id = PanelID.quorum

  static func title(_ scene: Scene) -> String {
    switch scene.settings.storage.engine {
    case .leaderless: "Quorum"
    case .primaryReplica: "Replica groups"
    case .multiPrimary: "Primaries"
    case .raft: "Raft"
    }
  }

  static func note(_ scene: Scene) -> String {
    let storage = scene.settings.storage
    switch storage.engine {
    case .leaderless:
      return storage.readLevel == .count && storage.writeLevel == .count
        ? storage.quorum.rawValue
        : "\(storage.readLevel.rawValue) / \(storage.writeLevel.rawValue)"
    case .multiPrimary: return "lag: of the others' writes"
    case .primaryReplica: return ReplicaRows.note(scene.settings.replication)
    case .raft: return "lag in entries"
    }
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    if scene.simulation.hasReplicaGroups {
      let count = scene.simulation.replicaGroups.count
      state.raftGroup = moved(
        ReplicaRows.chosen(state, scene.simulation), move, count: count)
      return
    }
    if scene.settings.storage.engine == .raft {
      let groups = scene.simulation.raftGroups
      let group = RaftRows.chosen(state, groups)
      state.raftGroup = moved(group, move, count: groups.count)
      return
    }
    let count = QuorumField.allCases.count
    let index = state.quorumField.rawValue
    let next =
      switch move {
      case .left, .up: (index + count - 1) % count
      case .right, .down: (index + 1) % count
      case .first, .pageUp: 0
      case .last, .pageDown: count - 1
      }
    state.quorumField = QuorumField(rawValue: next)!
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    if scene.simulation.hasReplicaGroups {
      let rows = ReplicaRows.rows(scene, width: size.width, height: size.height)
      if rows.groups.contains(point.y) {
        state.raftGroup = rows.first + point.y - rows.groups.lowerBound
      }
      return
    }
    if scene.settings.storage.engine == .raft {
      let rows = RaftRows.rows(scene, scene.simulation.raftGroups, height: size.height)
      if rows.groups.contains(point.y) {
        state.raftGroup = rows.first + point.y - rows.groups.lowerBound
      }
      return
    }
    guard point.y == 0, let field = QuorumField(rawValue: (point.x - 1) / fieldWidth) else {
      return
    }
    state.quorumField = field
  }

  static func detail(_ scene: Scene) -> Overlay {
    switch scene.settings.storage.engine {
    case .leaderless: .details(.key(scene.state.followedKey), offset: 0)
    case .primaryReplica, .multiPrimary:
      .details(.replicaGroup(ReplicaRows.chosen(scene.state, scene.simulation)), offset: 0)
    case .raft:
      .details(
        .raftGroup(RaftRows.chosen(scene.state, scene.simulation.raftGroups)), offset: 0)
    }
  }

  private static let fieldWidth = 7

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    switch scene.settings.storage.engine {
    case .leaderless: drawQuorum(scene, &canvas)
    case .primaryReplica, .multiPrimary:
      if let y = ReplicaRows.draw(scene, &canvas) { drawShares(scene, &canvas, y) }
    case .raft:
      if let y = RaftRows.draw(scene, &canvas) { drawShares(scene, &canvas, y) }
    }
  }

  private static func drawQuorum(_ scene: Scene, _ canvas: inout Canvas) {
    drawFields(scene, &canvas)
    var y = 1
    let overlap = Words.overlap(scene.settings.storage)
    let style = Style(overlap.holds ? .good : .warning)
    let lines = TextWrap.lines(overlap.text, width: canvas.width - 4)
    for (row, line) in lines.enumerated() where y < canvas.height {
      if row == 0 {
        canvas.put(
          1, y, overlap.holds ? canvas.glyphs.ok : canvas.glyphs.warning, style.with(.bold))
      }
      canvas.text(3, y, line, style, width: canvas.width - 3)
      y += 1
    }
    let locations = scene.simulation.locationNames.count
    // The table first, because it says what the clients get; the key's homes where room is left.
    let needed = locations + 1
    if canvas.height - y >= needed + 1 + locations {
      y = drawHomes(scene, &canvas, y)
    }
    if canvas.height - y > needed { y += 1 }
    drawShares(scene, &canvas, y)
  }

  private static func drawFields(_ scene: Scene, _ canvas: inout Canvas) {
    let storage = scene.settings.storage
    let values = [
      "\(storage.n)", Words.level(storage.readLevel, count: storage.r),
      Words.level(storage.writeLevel, count: storage.w),
    ]
    for field in QuorumField.allCases {
      let x = 1 + field.rawValue * fieldWidth
      let chosen = scene.state.focus == .quorum && scene.state.quorumField == field
      if chosen {
        canvas.fill(
          Rect(x: x - 1, y: 0, width: fieldWidth - 1, height: 1), " ", Style.text.selected())
        canvas.put(x - 1, 0, canvas.glyphs.pointer, Style(.accent, .bold).selected())
        canvas.park(x - 1, 0)
      }
      let name = "\(field)".uppercased() + " "
      let used = canvas.text(x, 0, name, Style(.dim).selected(chosen))
      canvas.text(
        x + used, 0, values[field.rawValue], Style(.title, .bold).selected(chosen))
    }
    if scene.state.focus == .quorum, canvas.width >= 2 + 3 * fieldWidth + 13 {
      canvas.text(2 + 3 * fieldWidth, 0, "+ - change it", .dim)
    }
  }

  /// Which home replicas of the followed key answer each location now.
  private static func drawHomes(_ scene: Scene, _ canvas: inout Canvas, _ top: Int) -> Int {
    let storage = scene.settings.storage
    let key = scene.state.followedKey
    let room = min(key.columns, 12)
    for (row, name) in scene.simulation.locationNames.enumerated() {
      let y = top + row
      if row == 0 { canvas.text(1, y, key, Style(.title), width: room) }
      var x = 2 + room
      x += canvas.text(x, y, NumberText.right(name, 5), .dim, width: 8) + 1
      for home in scene.homes {
        guard let index = scene.index(of: home) else { continue }
        let answers = scene.answers(scene.nodes[index], to: row)
        x += canvas.put(
          x, y, answers ? canvas.glyphs.ok : canvas.glyphs.failed,
          Style(answers ? .ok : .dead, .bold))
        x += canvas.text(x, y, scene.nodes[index].name, Words.node(index)) + 1
      }
      // Sloppy quorums may ask others, so the homes alone settle nothing.
      guard storage.quorum == .strict else { continue }
      guard let can = scene.simulation.canAnswer(key: key, location: row) else { continue }
      let verdict = verdict(read: can.reads, write: can.writes)
      if x + verdict.columns <= canvas.width { canvas.text(x, y, verdict, .dim) }
    }
    return top + scene.simulation.locationNames.count
  }

  private static func verdict(read: Bool, write: Bool) -> String {
    switch (read, write) {
    case (true, true): "reads, writes"
    case (true, false): "reads only"
    case (false, true): "writes only"
    case (false, false): "neither"
    }
  }

  /// The share of requests that can be answered beside the share that was.
  private static func drawShares(_ scene: Scene, _ canvas: inout Canvas, _ top: Int) {
    guard top < canvas.height else { return }
    let wide = canvas.width >= 33
    let ends = wide ? [15, 22, 32] : [12, 19, 26]
    let titles = ["read%", "write%", wide ? "answered%" : "answ%"]
    if wide { canvas.text(1, top, "can be", .dim) }
    for (end, title) in zip(ends, titles) where end <= canvas.width {
      canvas.textRight(end, top, title, Style(.dim, .bold))
    }
    for (row, name) in scene.simulation.locationNames.enumerated()
    where top + 1 + row < canvas.height {
      let y = top + 1 + row
      canvas.text(1, y, name, .text, width: 8)
      let share = scene.answerable[row]
      let measured = scene.simulation.metrics.recent[row].availability.newest
      for (end, value) in zip(ends, [share.reads, share.writes, measured]) where end <= canvas.width
      {
        canvas.textRight(end, y, Figure.percent(value), Self.style(value))
      }
      if canvas.width >= 44 {
        Bar(measured.isNaN ? 0 : measured, style: Self.style(measured)).draw(
          &canvas, 34, y, width: canvas.width - 35)
      }
    }
  }

  /// Good, middling, bad; nothing where there is no figure.
  static func style(_ share: Double) -> Style {
    if share.isNaN { return .dim }
    return share >= 0.999 ? Style(.good) : (share > 0.5 ? Style(.warning) : Style(.bad, .bold))
  }
}
