import CellUI
import ClusterSim
import Scenarios

/// What one frame shows, gathered once so that panels do not ask for the same twice. Made anew
/// for every frame and dropped with it.
public struct Scene {
  public let simulation: Simulation
  public let state: AppState
  public let lesson: LessonRunner?
  /// Storage nodes as they really are, in id order.
  let nodes: [HostView]
  /// Whose beliefs are shown, as an index into `nodes`; nil where there is no node.
  let observer: Int?
  /// What the observer holds each of `nodes` for; nil for those it has never heard of, and for all
  /// where it does not run.
  let beliefs: [BeliefView?]
  /// Share of requests that each location's side can answer, as things really are.
  let answerable: [(reads: Double, writes: Double)]
  /// What is predicted, while it is looked at.
  let predictions: [Prediction]
  /// The selected node as an index into `nodes`.
  let selected: Int
  /// Home replicas of the followed key, in preference order.
  let homes: [NodeID]

  public init(
    _ simulation: Simulation, _ state: AppState, lesson: LessonRunner? = nil,
    cache: inout DrawCache
  ) {
    self.init(
      simulation, state, lesson: lesson, answerable: cache.answerableShares(simulation),
      predictions: Self.showsPredictions(state) ? cache.predictions(simulation) : [])
  }

  init(
    _ simulation: Simulation, _ state: AppState, lesson: LessonRunner?,
    answerable: [(reads: Double, writes: Double)], predictions: [Prediction] = []
  ) {
    self.simulation = simulation
    self.state = state
    self.lesson = lesson
    let nodes = simulation.storageViews
    self.nodes = nodes
    let observer = Self.observer(state, nodes)
    self.observer = observer
    beliefs =
      observer.map { index in
        nodes.map { simulation.belief(of: nodes[index].id, about: $0.id) }
      } ?? Array(repeating: nil, count: nodes.count)
    self.answerable = answerable
    self.predictions = predictions
    selected = nodes.firstIndex { $0.id == state.selectedNode } ?? 0
    homes = simulation.homes(ofKey: state.followedKey)
  }

  private static func showsPredictions(_ state: AppState) -> Bool {
    state.overlays.contains {
      switch $0 {
      case .predictions, .details(.prediction, _): true
      default: false
      }
    }
  }

  /// The chosen observer, else the first node that runs, else the first.
  static func observer(_ state: AppState, _ nodes: [HostView]) -> Int? {
    if let chosen = nodes.firstIndex(where: { $0.id == state.observer }) { return chosen }
    return nodes.firstIndex { $0.state == .up } ?? (nodes.isEmpty ? nil : 0)
  }

  /// What the observer holds a node for, by its place in `nodes`; nil where it holds nothing.
  func belief(_ index: Int) -> Belief? { beliefs[index]?.belief }

  /// The panel's digit; nil where it has none.
  func digit(_ panel: PanelID) -> Int? {
    PanelCatalogue.digit(panel, withLesson: lesson != nil, withPath: simulation.hasWebTier)
  }

  var now: Instant { simulation.now }
  var settings: Settings { simulation.settings }

  func name(_ id: NodeID) -> String {
    nodes.first { $0.id == id }?.name ?? simulation.host(id).name
  }

  func index(of id: NodeID) -> Int? { nodes.firstIndex { $0.id == id } }

  /// Nodes that were not taken out of the ring for good.
  var present: Int { nodes.count { $0.state != .left } }

  /// Nodes that really run, whatever anybody believes.
  var up: Int { nodes.count { $0.state == .up } }

  /// Whether a node runs and messages between it and the clients of a location pass.
  func answers(_ node: HostView, to location: Int) -> Bool {
    guard node.state == .up, !node.gray else { return false }
    guard location < simulation.clientHosts.count else { return true }
    return simulation.reachable(simulation.clientHosts[location], node.id)
  }

  /// Ages of fault marks on a chart whose newest sample is now, in samples.
  func age(_ instant: Instant) -> Double {
    Double((now - instant).nanoseconds) / Double(Metrics.samplePeriod.nanoseconds)
  }
}
