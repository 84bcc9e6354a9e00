import ClusterSim
import Dashboard
import Scenarios

// The lesson under way.
extension DashboardSession {
  mutating func perform(_ command: LessonCommand) {
    switch command {
    case .start(let id): startLesson(id)
    case .restart:
      if let lessonID { startLesson(lessonID) }
    case .predict(let answer): lesson?.predict(answer)
    case .leave:
      lesson = nil
      lessonID = nil
    }
  }

  /// Begins a lesson: its scenario from the start. What is wrong is shown, and all stays as it is.
  mutating func startLesson(_ id: String) {
    do throws(Failure) {
      let entry = try LessonShelf.find(id)
      var configuration = entry.scenario.configuration
      if let seed { configuration.seed = seed }
      do { timeline = Timeline(try Simulation(configuration)) } catch {
        throw Failure("\(id): \(error.message)")
      }
      lesson = LessonRunner(entry.lesson)
      lessonID = id
      AppReducer.lessonStarted(&state)
    } catch {
      state.message = Message(.error, error.message)
    }
  }

  /// Lets the lesson look at the cluster, at the latest moment only: what is ahead counts.
  mutating func updateLesson() {
    guard !timeline.isBehind, let before = lesson?.stepIndex else { return }
    lesson?.update(timeline.simulation)
    guard let lesson, let lessonID, lesson.stepIndex > before else { return }
    progress.reached(lesson.stepIndex, of: lessonID)
    listLessons()
    do throws(Failure) { try progress.save() } catch {
      state.message = Message(.error, "progress not saved: \(error.message)")
    }
  }

  /// Fills the menu.
  mutating func listLessons() {
    let all = (try? LessonShelf.all()) ?? []
    lessons = all.map { entry in
      LessonEntry(
        id: entry.id, title: entry.lesson.title, topic: entry.lesson.topic,
        isDone: progress.stepsDone(of: entry.id) >= entry.lesson.steps.count)
    }
  }
}
