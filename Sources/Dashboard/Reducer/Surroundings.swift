import CellUI
import Scenarios

/// What the reducer must know besides the state and the simulation.
public struct Surroundings: Sendable {
  /// Of the screen, so that a click is understood.
  public var size: Size
  public var lesson: LessonRunner?
  /// All lessons, in order.
  public var lessons: [LessonEntry]

  public init(size: Size, lesson: LessonRunner? = nil, lessons: [LessonEntry] = []) {
    self.size = size
    self.lesson = lesson
    self.lessons = lessons
  }
}

/// A line of the lesson list.
public struct LessonEntry: Equatable, Sendable {
  public var id: String
  public var title: String
  public var topic: String
  public var isDone: Bool

  public init(id: String, title: String, topic: String, isDone: Bool = false) {
    self.id = id
    self.title = title
    self.topic = topic
    self.isDone = isDone
  }
}
