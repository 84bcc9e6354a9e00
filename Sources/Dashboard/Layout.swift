import CellUI

/// Where everything lies on a screen of a size. A function of size and state only, so that a click
/// is understood by laying out again.
struct Layout: Equatable {
  enum Form: Equatable {
    /// Panels between status and footer.
    case panels
    /// Status, node list, events, footer: from 60x16.
    case list
    /// Status and the nodes' states in a row: from 40x8.
    case row
    /// As much of one line as fits.
    case line
  }

  struct Place: Equatable {
    let panel: PanelID
    /// With its frame; neighbours share edges.
    let frame: Rect
    /// Where the panel draws.
    let inner: Rect
  }

  let form: Form
  let isBoxed: Bool
  let status: Rect
  let footer: Rect
  private(set) var places: [Place] = []

  /// - Parameters:
  ///   - withLesson: a lesson runs and takes a panel.
  ///   - withPath: there is a web tier; its panel takes the place of the one that tells least beside it.
  init(
    _ size: Size, focus: PanelID, isZoomed: Bool, preset: Int, withLesson: Bool,
    withPath: Bool = false
  ) {
    let all = Rect(size)
    let (status, rest) = all.splitTop(min(1, size.height))
    self.status = status
    let wide = size.width >= 80 && size.height >= 24
    let narrow = size.width >= 60 && size.width <= 84 && size.height >= 46
    if wide || narrow {
      form = .panels
    } else if size.width >= 60 && size.height >= 16 {
      form = .list
    } else if size.width >= 40 && size.height >= 8 {
      form = .row
    } else {
      form = .line
    }
    let (area, footer) = rest.splitBottom(form == .line ? 0 : 1)
    self.footer = footer
    isBoxed = form == .panels && size.width >= 100 && size.height >= 32
    guard form == .panels else { return }
    if isZoomed {
      place([(focus, area)], in: area)
      return
    }
    var tiles: [(PanelID, Rect)]
    if narrow {
      tiles = Self.stacked(area, withLesson)
    } else if isBoxed && size.width >= 160 && size.height >= 44 {
      tiles = Self.large(area, withLesson, preset)
    } else if isBoxed {
      tiles = Self.medium(area, withLesson, preset)
    } else {
      tiles = Self.small(area, withLesson, preset)
    }
    if withPath { Self.show(.path, in: &tiles) }
    Self.show(focus, in: &tiles)
    place(tiles, in: area)
  }

  /// How many presets there are.
  static let presets = 3

  /// A focused panel that has no place takes the one that tells least beside it.
  private static func show(_ focus: PanelID, in tiles: inout [(PanelID, Rect)]) {
    guard !tiles.contains(where: { $0.0 == focus }) else { return }
    let hosts: [PanelID] =
      switch focus {
      case .path: [.topology, .ring, .load, .latency]
      case .topology: [.ring, .nodes, .latency]
      case .quorum, .clients: [.ring, .latency, .nodes]
      case .load, .cache: [.latency, .cache, .ring, .path]
      case .latency: [.load, .cache, .ring, .path]
      case .events: [.cache, .latency, .quorum, .load, .nodes]
      case .ring, .nodes, .lesson: [.path, .nodes, .ring, .latency]
      }
    for host in hosts {
      if let index = tiles.firstIndex(where: { $0.0 == host }) {
        tiles[index].0 = focus
        return
      }
    }
    if !tiles.isEmpty { tiles[0].0 = focus }
  }

  private mutating func place(_ tiles: [(PanelID, Rect)], in area: Rect) {
    places = tiles.filter { !$0.1.isEmpty }.map { panel, frame in
      let inner =
        isBoxed
        ? frame.inset(
          left: 1, top: 1, right: frame.maxX == area.maxX ? 1 : 0,
          bottom: frame.maxY == area.maxY ? 1 : 0)
        : frame.inset(left: frame.x > area.x ? 1 : 0, top: 1)
      return Place(panel: panel, frame: frame, inner: inner)
    }
  }

  /// The panel at a point of the screen.
  func place(at point: Point) -> Place? { places.first { $0.frame.contains(point) } }
  func place(of panel: PanelID) -> Place? { places.first { $0.panel == panel } }
}

// The layouts. Sizes are those of the sketches and grow in proportion.
extension Layout {
  /// From 80x24: title rules, one divider, no boxes.
  private static func small(_ area: Rect, _ withLesson: Bool, _ preset: Int)
    -> [(PanelID, Rect)]
  {
    // 22 rows at 24: 11 + 4 + 4 + 3; further rows go mostly to the top.
    let spare = area.height - 22
    if withLesson {
      // The lesson's text needs the room; what the clients get stays in sight.
      let (top, rest) = area.splitTop(9 + spare / 2)
      let (clients, lesson) = rest.splitTop(3 + spare / 6)
      let (ring, nodes) = top.splitLeft(area.width * 31 / 80)
      return [(.ring, ring), (.nodes, nodes), (.clients, clients), (.lesson, lesson)]
    }
    let (top, rest) = area.splitTop(11 + spare / 2)
    let (middle, bottom) = rest.splitTop(4 + spare / 4)
    let (ring, nodes) = top.splitLeft(area.width * 31 / 80)
    let (left, right) = middle.splitLeft(area.width * 41 / 80)
    let upper: [(PanelID, Rect)] =
      preset == 1
      ? [(.quorum, ring), (.nodes, nodes), (.load, left), (.cache, right)]
      : preset == 2
        ? [(.ring, ring), (.clients, nodes), (.latency, left), (.load, right)]
        : [(.ring, ring), (.nodes, nodes), (.latency, left), (.cache, right)]
    let (events, clients) = bottom.splitBottom(3 + max(0, spare / 8))
    return upper + [(.events, events), (preset == 2 ? .nodes : .clients, clients)]
  }

  /// From 100x32, drawn for 120x40: boxes.
  private static func medium(_ area: Rect, _ withLesson: Bool, _ preset: Int)
    -> [(PanelID, Rect)]
  {
    let bands = area.rows(withLesson ? [17, 10, 11] : [17, 12, 9])
    let top = bands[0].columns([46, 74])
    if withLesson {
      let middle = bands[1].columns([46, 30, 44])
      let bottom = bands[2].columns([46, 74])
      return [
        (.ring, top[0]), (.nodes, top[1]), (.latency, middle[0]), (.quorum, middle[1]),
        (.clients, middle[2]), (.events, bottom[0]), (.lesson, bottom[1]),
      ]
    }
    let middle = bands[1].columns([52, 34, 34])
    let bottom = bands[2].columns([72, 48])
    switch preset {
    case 1:
      return [
        (.clients, top[0]), (.nodes, top[1]), (.latency, middle[0]), (.load, middle[1]),
        (.quorum, middle[2]), (.events, bottom[0]), (.cache, bottom[1]),
      ]
    case 2:
      return [
        (.ring, top[0]), (.events, top[1]), (.load, middle[0]), (.cache, middle[1]),
        (.quorum, middle[2]), (.nodes, bottom[0]), (.clients, bottom[1]),
      ]
    default:
      return [
        (.ring, top[0]), (.nodes, top[1]), (.latency, middle[0]), (.cache, middle[1]),
        (.quorum, middle[2]), (.events, bottom[0]), (.clients, bottom[1]),
      ]
    }
  }

  /// From 160x44, drawn for 200x50: everything.
  private static func large(_ area: Rect, _ withLesson: Bool, _ preset: Int)
    -> [(PanelID, Rect)]
  {
    let bands = area.rows([25, 14, 9])
    let top = bands[0].columns([64, 82, 54])
    let right = top[2].rows([12, 13])
    let middle = bands[1].columns([92, 54, 54])
    let swap = preset % 2 == 1
    var tiles: [(PanelID, Rect)] = [
      (swap ? .nodes : .ring, top[0]), (swap ? .ring : .nodes, top[1]), (.quorum, right[0]),
      (.clients, right[1]), (preset == 2 ? .load : .latency, middle[0]), (.cache, middle[1]),
      (preset == 2 ? .latency : .load, middle[2]),
    ]
    if withLesson {
      let bottom = bands[2].columns([96, 104])
      tiles += [(.events, bottom[0]), (.lesson, bottom[1])]
    } else {
      let bottom = bands[2].columns([122, 78])
      tiles += [(.events, bottom[0]), (.topology, bottom[1])]
    }
    return tiles
  }

  /// Tall and narrow: one below the other.
  private static func stacked(_ area: Rect, _ withLesson: Bool) -> [(PanelID, Rect)] {
    let order: [(PanelID, Int)] =
      withLesson
      ? [(.ring, 12), (.nodes, 10), (.latency, 6), (.clients, 6), (.events, 5), (.lesson, 8)]
      : [
        (.ring, 13), (.nodes, 10), (.latency, 6), (.cache, 5), (.clients, 6), (.events, 6),
      ]
    return zip(order, area.rows(order.map(\.1))).map { ($0.0.0, $0.1) }
  }
}
