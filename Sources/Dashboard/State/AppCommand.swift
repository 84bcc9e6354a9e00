import ClusterSim
import Scenarios

/// What the reducer asks of the main loop. Pausing and speed are not among them: `AppState.isPaused`
/// and `AppState.speed` are the truth, read every frame.
public enum AppCommand: Equatable, Sendable {
  /// Inject at the present virtual time. If that throws, call `AppReducer.refused`.
  case inject(Action)
  /// Run exactly one visible event.
  case step
  /// Go by so much virtual time from the present: negative goes back (state from a checkpoint).
  case seek(Span)
  /// Return to the latest time of the run.
  case seekLive
  case quit
  /// Send the whole screen again.
  case redraw
  /// Give the terminal back and stop the process (^Z).
  case suspend
  case nextTheme
  /// Mouse reporting on or off, to match `AppState.isMouseOn`.
  case setMouse(Bool)
  /// Save the screen as text; report the place through `AppState.message`.
  case copyScreen
  /// Save the session as a recording; report the place through `AppState.message`.
  case saveRecording
  case lesson(LessonCommand)
}

/// What a learner asks of the lesson runner.
public enum LessonCommand: Equatable, Sendable {
  /// Begin the lesson: its scenario from the start.
  case start(id: String)
  case predict(PredictionAnswer)
  /// Begin the running lesson again, cluster and all.
  case restart
  /// Drop the lesson; the cluster runs on.
  case leave
}
