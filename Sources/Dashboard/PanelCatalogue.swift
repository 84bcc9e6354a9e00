import CellUI
import ClusterSim

/// A part of the screen. It draws inside its canvas only and owns no state.
protocol Panel: SendableMetatype {
  static var id: PanelID { get }
  static func title(_ scene: Scene) -> String
  /// A few words at the right end of the title.
  static func note(_ scene: Scene) -> String
  static func draw(_ scene: Scene, _ canvas: inout Canvas)
  /// Moves what is selected in the panel.
  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene)
  /// Selects what lies at a point of the panel, whose canvas has this size.
  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene)
  /// What Enter opens.
  static func detail(_ scene: Scene) -> Overlay
}

extension Panel {
  static func note(_ scene: Scene) -> String { "" }
  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {}
}

/// All panels: one line each.
enum PanelCatalogue {
  static let all: [any Panel.Type] = [
    RingPanel.self, NodesPanel.self, QuorumPanel.self, LatencyPanel.self, CachePanel.self,
    EventsPanel.self, ClientsPanel.self, LoadPanel.self, TopologyPanel.self,
    PathPanel.self, LessonPanel.self,
  ]

  static func panel(_ id: PanelID) -> any Panel.Type {
    all.first { $0.id == id } ?? RingPanel.self
  }

  /// The panels by their digits, from 1. A lesson takes 7; those behind it move up by one. The path is
  /// there with a web tier and takes 9. Who then comes tenth or later has no digit: Tab leads there.
  static func order(withLesson: Bool, withPath: Bool = false) -> [PanelID] {
    var order: [PanelID] = [.ring, .nodes, .quorum, .latency, .cache, .events]
    if withLesson { order.append(.lesson) }
    order += [.clients, .load, .topology]
    if withPath { order.insert(.path, at: 8) }
    return order
  }

  static func digit(_ id: PanelID, withLesson: Bool, withPath: Bool = false) -> Int? {
    let place = order(withLesson: withLesson, withPath: withPath).firstIndex(of: id).map { $0 + 1 }
    return place.flatMap { $0 <= 9 ? $0 : nil }
  }
}

/// A selection moved within `count` rows; the same for every list.
func moved(_ index: Int, _ move: Move, count: Int) -> Int {
  let next =
    switch move {
    case .up: index - 1
    case .down: index + 1
    case .first: 0
    case .last: count - 1
    case .pageUp: index - 10
    case .pageDown: index + 10
    case .left, .right: index
    }
  return min(max(0, next), max(0, count - 1))
}
