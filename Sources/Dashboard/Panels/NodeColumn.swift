import CellUI
import ClusterSim

/// A column of the node table: its title, width, and which goes first where room is short.
public enum NodeColumn: String, CaseIterable, Sendable {
  case node, state, truth, beat, own, load, ops, p99, hints, owed, queue, keys, received, sent,
    location

  var title: String {
    switch self {
    case .node: "node"
    case .state: "state"
    case .truth: "truly"
    case .beat: "beat"
    case .own: "own%"
    case .load: "load"
    case .ops: "op/s"
    case .p99: "p99"
    case .hints: "hints"
    case .owed: "owed"
    case .queue: "queue"
    case .keys: "keys"
    case .received: "in"
    case .sent: "out"
    case .location: "place"
    }
  }

  /// With SWIM, which has no heartbeats, the age is that of the belief.
  func heading(_ scene: Scene) -> String {
    self == .beat && scene.simulation.settings.membership.detector == .swim ? "for" : title
  }

  func column(_ scene: Scene) -> Table.Column {
    let (width, priority): (Int, Int) =
      switch self {
      case .node: (min(10, scene.nodes.reduce(5) { max($0, $1.name.columns) }), 0)
      case .state: (9, 0)
      case .truth: (8, 1)
      case .hints: (5, 2)
      case .p99: (4, 3)
      case .ops: (4, 4)
      case .own: (4, 5)
      case .beat: (4, 6)
      case .load: (4, 7)
      case .queue: (5, 8)
      case .keys: (4, 10)
      case .owed: (4, 9)
      case .location: (6, 11)
      case .received: (4, 12)
      case .sent: (4, 13)
      }
    let words = self == .node || self == .state || self == .truth || self == .location
    return Table.Column(
      heading(scene), width: width, alignment: words ? .left : .right, priority: priority,
      grows: self != .node && self != .state, maxWidth: width + (words ? 2 : 3))
  }

  /// What a node shows in the column; `index` is its place in `scene.nodes`.
  func content(_ scene: Scene, _ index: Int, _ glyphs: Glyphs) -> Table.Content {
    let node = scene.nodes[index]
    func number(_ text: String, _ style: Style = .text) -> Table.Content { .text(text, style) }
    func count(_ value: Int, _ role: Role) -> Table.Content {
      .text(Figure.count(value), value == 0 ? .dim : Style(role))
    }
    switch self {
    case .node: return .text(node.name, Words.node(index))
    case .state:
      let mark = Words.belief(scene.belief(index), glyphs)
      return .mark(mark.glyph, mark.word, mark.style)
    case .truth: return truth(scene, index, glyphs)
    case .beat:
      if index == scene.observer { return number("self", .dim) }
      return number(scene.beliefs[index].map { Figure.age($0.age) } ?? "-", .dim)
    case .own: return number(NumberText.fixed(node.ringShare * 100, 1))
    case .load:
      return number(node.state == .up ? Figure.rate(node.servedPerSecond) : "-")
    case .ops:
      return number(node.state == .up ? Figure.rate(node.operationsPerSecond) : "-")
    case .p99: return number(Figure.milliseconds(node.p99))
    case .hints: return count(node.hintsHeld, .hint)
    case .owed: return count(node.hintsAwaited, .hint)
    case .queue: return count(node.queue, .warning)
    case .keys: return number(Figure.count(node.keys))
    case .received: return number(Figure.count(node.messagesIn), .dim)
    case .sent: return number(Figure.count(node.messagesOut), .dim)
    case .location: return .text(scene.simulation.locationNames[node.location], .dim)
    }
  }

  /// What is really the matter; nothing where the observer's belief is the whole truth.
  private func truth(_ scene: Scene, _ index: Int, _ glyphs: Glyphs) -> Table.Content {
    let node = scene.nodes[index]
    let mark = Words.truth(node, glyphs)
    let reachable =
      scene.observer.map {
        $0 == index || scene.simulation.reachable(scene.nodes[$0].id, node.id)
      } ?? true
    if !reachable { return .text(mark.word + ",cut", Style(.cut)) }
    if mark.word == "up" {
      return scene.belief(index) == .alive ? .empty : .text(mark.word, mark.style)
    }
    return .text(mark.word, mark.style)
  }

  /// Numbers order by value, words by name; what does not exist comes last.
  func comesBefore(_ scene: Scene, _ left: Int, _ right: Int) -> Bool {
    let a = scene.nodes[left]
    let b = scene.nodes[right]
    switch self {
    case .node: return left < right
    case .state:
      return (state(scene, left), left)
        < (state(scene, right), right)
    case .truth:
      return (a.state.rawValue, a.slowFactor, left) < (b.state.rawValue, b.slowFactor, right)
    case .beat: return (age(scene, left), left) < (age(scene, right), right)
    case .own: return (a.ringShare, left) < (b.ringShare, right)
    case .load: return (a.servedPerSecond, left) < (b.servedPerSecond, right)
    case .ops: return (a.operationsPerSecond, left) < (b.operationsPerSecond, right)
    case .p99: return (a.p99 ?? -1, left) < (b.p99 ?? -1, right)
    case .hints: return (a.hintsHeld, left) < (b.hintsHeld, right)
    case .owed: return (a.hintsAwaited, left) < (b.hintsAwaited, right)
    case .queue: return (a.queue, left) < (b.queue, right)
    case .keys: return (a.keys, left) < (b.keys, right)
    case .received: return (a.messagesIn, left) < (b.messagesIn, right)
    case .sent: return (a.messagesOut, left) < (b.messagesOut, right)
    case .location: return (a.location, left) < (b.location, right)
    }
  }

  private func state(_ scene: Scene, _ index: Int) -> UInt8 {
    scene.belief(index)?.rawValue ?? .max
  }
  private func age(_ scene: Scene, _ index: Int) -> Span { scene.beliefs[index]?.age ?? .zero }
}
