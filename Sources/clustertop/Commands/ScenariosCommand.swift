import Scenarios

extension Command {
  static let scenarios = Command(
    "scenarios", "Lists the built-in scenarios and what to look at in each",
    options: [.textOrJSON],
    run: { arguments throws(Failure) in
      var scenarios: [Scenario] = []
      do throws(ScenarioError) {
        for name in Catalogue.names {
          if let scenario = try Catalogue.builtIn(name), scenario.lesson == nil {
            scenarios.append(scenario)
          }
        }
      } catch { throw Failure(error.description) }
      let isJSON = arguments.text(.textOrJSON) == "json"
      try Descriptor.print(isJSON ? json(scenarios) : text(scenarios))
      return ExitCode.done
    })

  private static func text(_ scenarios: [Scenario]) -> String {
    scenarios.map { scenario in
      "\(scenario.name)\n" + wrapped(scenario.about, width: 76).map { "    \($0)\n" }.joined()
    }.joined()
  }

  private static func json(_ scenarios: [Scenario]) -> String {
    let items = scenarios.map { scenario -> JSONValue in
      .object([
        ("name", .string(scenario.name)), ("about", .string(scenario.about)),
        ("seconds", .number(scenario.duration.seconds)),
        ("objectives", .array(scenario.objectives.map { .string($0.text) })),
      ])
    }
    return JSONValue.object([("scenarios", .array(items))]).text + "\n"
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if let last = lines.last, last.count + word.count < width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
