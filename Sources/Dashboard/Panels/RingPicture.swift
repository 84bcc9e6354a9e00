import CellUI
import ClusterSim

/// The geometry of the ring on a canvas of a size, and its dots.
struct RingPicture {
  struct Label {
    let node: Int
    let place: Rect
  }

  let size: Size
  /// In dots.
  private let radius: Double
  private let middle: (x: Double, y: Double)
  private let labelWidth: Int

  /// Nil where a circle would be too small to be read.
  init?(_ scene: Scene, _ size: Size) {
    self.size = size
    labelWidth = 2 + scene.nodes.reduce(2) { max($0, $1.name.columns) }
    let across = Double(size.width - 2 * labelWidth - 2)
    let down = Double(size.height - 2) * 2
    radius = min(across, down) - 1
    middle = (Double(size.width) - 0.5, Double(size.height) * 2 - 0.5)
    guard radius >= 7 else { return nil }
  }

  var centre: Point { Point(size.width / 2, size.height / 2) }
  var innerColumns: Int { Int(radius) - 4 }
  var innerRows: Int { Int(radius) / 2 - 1 }

  /// The cell of a point of the circle, `inset` dots inside it.
  func cell(turns: Double, inset: Double) -> Point {
    DotCanvas.cell(onCircle: middle.x, middle.y, radius: radius - inset, turns: turns)
  }

  static func turns(_ token: UInt64) -> Double { Double(token) * 0x1p-64 }

  func keyTurns(_ scene: Scene) -> Double {
    Self.turns(scene.simulation.token(ofKey: scene.state.followedKey))
  }

  /// Every range of the circle in its owner's colour. The selected node's ranges are thick; those
  /// of a suspect are broken, those of the dead are thin and broken, so that no state hangs on
  /// colour alone.
  func drawArcs(_ scene: Scene, _ dots: inout DotCanvas) {
    let ring = scene.simulation.placement
    let tokens = ring.tokens
    let owners = ring.owners
    guard !tokens.isEmpty else { return }
    var nodeOf = [Int](repeating: 0, count: 1 + scene.nodes.reduce(0) { max($0, $1.id.index) })
    for (index, node) in scene.nodes.enumerated() { nodeOf[node.id.index] = index }
    let steps = Int(radius * 7.5)
    var position = 0
    for step in 0..<steps {
      let turns = Double(step) / Double(steps)
      let token = UInt64(turns * 0x1p64)
      while position < tokens.count && tokens[position] < token { position += 1 }
      let node = nodeOf[Int(owners[position == tokens.count ? 0 : position])]
      let hand = PlainMath.hand(turns: turns)
      func dot(_ distance: Double, _ style: Style) {
        dots.set(
          Int((middle.x + hand.x * distance).rounded()),
          Int((middle.y + hand.y * distance).rounded()), style)
      }
      switch scene.belief(node) {
      case .alive, nil:
        let style = Words.node(node)
        dot(radius, style)
        dot(radius - 1, style)
      case .suspect:
        if step / 3 % 2 == 0 {
          dot(radius, Style(.suspect))
          dot(radius - 1, Style(.suspect))
        }
      case .dead, .left:
        if step / 2 % 2 == 0 { dot(radius, Style(.dead)) }
      }
      if node == scene.selected {
        for depth in 2...(radius > 24 ? 4 : 3) { dot(radius - Double(depth), Style(.accent)) }
      }
    }
  }

  /// Lines from the followed key to the labels of its homes, in replica order.
  func drawChords(_ scene: Scene, _ dots: inout DotCanvas) {
    guard radius >= 12 else { return }
    let from = point(keyTurns(scene), radius - 4)
    let places = labelTurns(scene)
    for (rank, home) in scene.homes.enumerated().reversed() {
      guard let index = scene.index(of: home), let turns = places[index] else { continue }
      let to = point(turns, radius - 3)
      dotted(from, to, Style(.replica(rank)), &dots)
    }
  }

  private func point(_ turns: Double, _ distance: Double) -> (x: Double, y: Double) {
    let hand = PlainMath.hand(turns: turns)
    return (middle.x + hand.x * distance, middle.y + hand.y * distance)
  }

  private func dotted(
    _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ style: Style,
    _ dots: inout DotCanvas
  ) {
    let length = max(abs(to.x - from.x), abs(to.y - from.y))
    let steps = max(1, Int(length / 2))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      dots.set(
        Int((from.x + (to.x - from.x) * share).rounded()),
        Int((from.y + (to.y - from.y) * share).rounded()), style)
    }
  }

  /// For each node one of its own tokens: that which lies nearest to an even spread, so that names
  /// stand apart and still at a place that belongs to them. Nil for nodes without tokens.
  private func labelTurns(_ scene: Scene) -> [Double?] {
    var nodeOf = [Int](repeating: 0, count: 1 + scene.nodes.reduce(0) { max($0, $1.id.index) })
    for (index, node) in scene.nodes.enumerated() { nodeOf[node.id.index] = index }
    var best = [(turns: Double, distance: Double)?](repeating: nil, count: scene.nodes.count)
    let ring = scene.simulation.placement
    for (token, owner) in zip(ring.tokens, ring.owners) {
      let node = nodeOf[Int(owner)]
      let turns = Self.turns(token)
      let away = (turns - Double(node) / Double(scene.nodes.count)).magnitude
      let distance = min(away, 1 - away)
      if distance < best[node]?.distance ?? 2 { best[node] = (turns, distance) }
    }
    return best.map { $0?.turns }
  }

  /// So many names can be told apart round the circle.
  private static var named: Int { 40 }

  /// Where the names stand; those that find no room are left out. On a crowded ring only the nodes
  /// have one that somebody looks for: the selected, the observer, the homes of the followed key and
  /// those that are not held alive.
  func labels(_ scene: Scene) -> [Label] {
    var taken: [Label] = []
    let isCrowded = scene.nodes.count > Self.named
    for (index, turns) in labelTurns(scene).enumerated() {
      guard let turns, taken.count < Self.named else { continue }
      if isCrowded, index != scene.selected, index != scene.observer,
        scene.belief(index) == .alive, !scene.homes.contains(scene.nodes[index].id)
      {
        continue
      }
      let hand = PlainMath.hand(turns: turns)
      let at = cell(turns: turns, inset: -3)
      let width = 2 + scene.nodes[index].name.columns
      let x =
        hand.x > 0.35 ? at.x + 1 : (hand.x < -0.35 ? at.x - width : at.x - width / 2)
      let held = min(max(0, x), max(0, size.width - width))
      for shift in [0, 1, -1, 2, -2] {
        let y = min(max(0, at.y + shift), max(0, size.height - 1))
        let place = Rect(x: held, y: y, width: width, height: 1)
        let free = taken.allSatisfy { $0.place.intersection(place).isEmpty }
        if free {
          taken.append(Label(node: index, place: place))
          break
        }
      }
    }
    return taken
  }
}
