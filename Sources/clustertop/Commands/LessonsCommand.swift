import Scenarios

extension Command {
  static let lessons = Command(
    "lessons", "Lists the lessons and how far you are", options: [.textOrJSON],
    run: { arguments throws(Failure) in
      let lessons = try LessonShelf.all()
      let progress = Progress.load()
      let isJSON = arguments.text(.textOrJSON) == "json"
      try Descriptor.print(isJSON ? json(lessons, progress) : text(lessons, progress))
      return ExitCode.done
    })

  private static func text(_ lessons: [LessonShelf.Entry], _ progress: Progress) -> String {
    let width = lessons.map(\.id.count).max() ?? 0
    return lessons.map { entry in
      let done = progress.stepsDone(of: entry.id)
      let count = entry.lesson.steps.count
      let state = done >= count ? "done" : "\(done) of \(count) steps"
      let id = entry.id + String(repeating: " ", count: width - entry.id.count)
      return "\(id)  \(entry.lesson.title) (\(entry.lesson.topic)), \(state)\n"
    }.joined()
  }

  private static func json(_ lessons: [LessonShelf.Entry], _ progress: Progress) -> String {
    let items = lessons.map { entry -> JSONValue in
      .object([
        ("id", .string(entry.id)),
        ("title", .string(entry.lesson.title)),
        ("topic", .string(entry.lesson.topic)),
        ("steps", .integer(entry.lesson.steps.count)),
        ("steps_done", .integer(progress.stepsDone(of: entry.id))),
      ])
    }
    return JSONValue.object([("lessons", .array(items))]).text + "\n"
  }
}
