import ClusterSim

/// What a key, a line of the help or a word at the prompt asks for.
public enum Intent: Equatable, Sendable {
  // The program.
  case help, definitions, consistency, predictions, shards, quit, redraw, suspend, settings,
    nextTheme,
    mouse,
    copyScreen,
    saveRecording
  case preset(Int)
  case command, search, follow, filter, nextMatch, previousMatch

  // Time.
  case pause, step, live
  /// Whole seconds, negative goes back.
  case seek(Int)
  case faster, slower, normalSpeed

  // Looking.
  case panel(Int)
  /// The topology panel, which has no digit where others come first.
  case topology
  case nextPanel, previousPanel
  case move(Move)
  case details, zoom, back
  case observer
  case sort, sortLeft, sortRight

  // The cluster.
  /// A fault or change by the verb of its record.
  case fault(String)
  case faultMenu, undo, healAll, recover
  case more, less

  // Lessons.
  case lessons, lessonHint, lessonRestart, lessonLeave
}

/// A move of whatever is selected.
public enum Move: Equatable, Sendable {
  case up, down, left, right, first, last, pageUp, pageDown
}
