import CellUI
import ClusterSim

/// Everything the screen depends on besides the simulation and the lesson: what is focused, chosen,
/// typed and open. Changed by `AppReducer` only, except for the three figures that the main loop
/// reports (`speedReached`, `liveEdge`, `framesPerSecond`).
public struct AppState: Equatable, Sendable {
  // Where one looks.
  public var focus = PanelID.nodes
  public var isZoomed = false
  /// Layout preset, 0 is the usual one.
  public var preset = 0

  // What is chosen in the panels.
  /// The selected storage node; nil means the first.
  public var selectedNode: NodeID?
  /// Whose membership table is shown; nil means the first node that really runs.
  public var observer: NodeID?
  /// The key whose homes are shown.
  public var followedKey = "user:1"
  /// The selected location in panels 5, 7 and 8.
  public var location = 0
  /// The server picked in panel 5, where a location has several.
  public var cacheServer = 0
  /// The line chosen in the path panel.
  public var pathRow = 0
  public var quorumField = QuorumField.r
  /// The Raft group picked in panel 3, from 0.
  public var raftGroup = 0
  /// The selected event by its number since the start; nil stays with the newest.
  public var event: Int?
  public var sort = NodeSort()
  /// Only nodes whose name contains this are listed.
  public var nodeFilter = ""
  /// What was searched for last.
  public var searched = ""

  // Time.
  public var isPaused = false
  /// Virtual seconds wanted per second, 0.1 to 100.
  public var speed = 1.0
  /// What was reached lately, if it is clearly less; set by the main loop.
  public var speedReached: Double?
  /// The latest time of the run, while an earlier one is shown; set by the main loop.
  public var liveEdge: Instant?
  /// Frames drawn per second, shown on wide screens; set by the main loop.
  public var framesPerSecond: Double?

  // What is open, the last one on top.
  public var overlays: [Overlay] = []
  public var line: LineEntry?
  public var message: Message?
  /// Lines typed at the prompt, oldest first, at most `historyLimit`.
  public var history: [String] = []
  public static let historyLimit = 100

  /// What `u` would take back, newest last, at most `undoLimit`.
  public var undo: [UndoRecord] = []
  public static let undoLimit = 64

  public var isMouseOn = true
  /// Name of the theme in use, shown on wide screens; set by whoever loads it.
  public var themeName = ""

  // The lesson's question.
  public var lessonChoice = 0
  /// Steps of the lesson whose conclusion has been read (Enter); until then it is what is shown.
  public var lessonRead = 0
  /// The step whose hint is shown.
  public var hintStep: Int?

  public init() {}

  /// The overlay that gets the keys.
  public var top: Overlay? { overlays.last }
}

/// One of the three numbers of a quorum.
public enum QuorumField: Int, CaseIterable, Sendable {
  case n, r, w

  /// Its setting.
  public var path: String { "storage.\(self)" }
}

/// A line for the user, shown in the footer until the next key.
public struct Message: Equatable, Sendable {
  public enum Kind: Sendable { case note, done, error }
  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// By what the node table is ordered.
public struct NodeSort: Equatable, Sendable {
  public var column = NodeColumn.node
  public var isDescending = false
}
