import ClusterSim
import Scenarios

/// The lessons, found by their ids.
enum LessonShelf {
  struct Entry {
    let id: String
    let scenario: Scenario
    let lesson: Lesson
  }

  /// All of them, in the order of the catalogue.
  static func all() throws(Failure) -> [Entry] {
    do throws(ScenarioError) {
      return try Catalogue.lessons().compactMap { id, scenario in
        scenario.lesson.map { Entry(id: id, scenario: scenario, lesson: $0) }
      }
    } catch {
      throw Failure(error.description)
    }
  }

  /// The lesson of an id: one of the catalogue, or a file that holds a lesson.
  static func find(_ id: String) throws(Failure) -> Entry {
    let all = try all()
    if let entry = all.first(where: { $0.id == id }) { return entry }
    guard id.contains("/") || id.contains(".") else {
      throw Failure(Nearest.message("lesson", id, among: all.map(\.id)))
    }
    let scenario: Scenario
    do { scenario = try Scenario.load(path: id) } catch { throw Failure(error.description) }
    guard let lesson = scenario.lesson else {
      throw Failure("\(id): has no `lesson` section; `clustertop \(id)` opens it")
    }
    return Entry(id: id, scenario: scenario, lesson: lesson)
  }
}
