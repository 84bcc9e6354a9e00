import CellUI
import ClusterSim

/// A box in front of the panels. Esc closes the top one.
public enum Overlay: Equatable, Sendable {
  /// All keys that apply, filtered by what is typed.
  case help(filter: InputLine, row: Int)
  case faultMenu(row: Int)
  /// Which way to cut the network.
  case cut(row: Int)
  case settings(filter: InputLine, row: Int)
  case lessons(row: Int)
  /// What the figures mean.
  case definitions(row: Int)
  /// What consistency the clients got, and what went wrong for them.
  case consistency(row: Int)
  /// What formulas predict, beside what was measured.
  case predictions(row: Int)
  case details(Detail, offset: Int)
}

/// What a details box is about.
public enum Detail: Equatable, Sendable {
  case node(NodeID)
  case key(String)
  /// A Raft group, from 0.
  case raftGroup(Int)
  /// A replica group, from 0.
  case replicaGroup(Int)
  /// Locations and the links between them.
  case topology
  /// Shards, moves, routes, families and queries.
  case shards
  /// Every fault with its clock.
  case faults
  /// A cache server by location.
  case cache(Int)
  /// A line of the path panel: a balancer or a web server.
  case path(Int)
  /// Clients of a location.
  case clients(Int)
  /// An event by its number since the start.
  case event(Int)
  /// A violation by its place among the judge's.
  case violation(Int)
  /// A prediction by its name.
  case prediction(String)
  /// An operation by the number of its trace.
  case why(UInt64)
}

/// A line being typed at the bottom of the screen.
public struct LineEntry: Equatable, Sendable {
  public enum Purpose: Equatable, Sendable {
    /// An action, a setting or a command of the program.
    case command
    /// A node's name or a key.
    case search
    /// A key to follow.
    case key
    /// Part of the names of the nodes to list.
    case filter
    /// The figure that the lesson asks for.
    case guess
  }

  public var purpose: Purpose
  public var input: InputLine
  /// The chosen completion, if one was chosen.
  public var choice: Int?
  /// Why Enter did nothing, and what would be right.
  public var error: String?
  /// How far back in the history; 0 is the line being typed.
  public var historyIndex = 0

  public init(_ purpose: Purpose, _ text: String = "") {
    self.purpose = purpose
    input = InputLine(text)
  }

  public var prompt: String {
    switch purpose {
    case .command: ":"
    case .search: "/"
    case .key: "key: "
    case .filter: "nodes: "
    case .guess: "your guess: "
    }
  }
}
