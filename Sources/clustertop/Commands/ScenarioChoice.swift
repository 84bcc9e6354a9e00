import ClusterSim
import Scenarios

/// The scenario that the arguments name, with what they change in it.
enum ScenarioChoice {
  /// Finds `name` (a file, `-` for standard input, or a built-in one) and applies `--seed` and
  /// the option of changes, `--set` at first. Says on standard error what has no effect, unless told
  /// not to. Throws `Failure`.
  static func load(
    _ name: String, _ arguments: Arguments, changes: Option = .set, notes: Bool = true
  ) throws(Failure) -> Scenario {
    do throws(ScenarioError) {
      let file = name == "-" ? "/dev/stdin" : name
      var scenario = try Catalogue.find(file).applying(
        overrides: arguments.all(changes), option: "--\(changes.name)")
      if let seed = try? arguments.seed() {
        scenario = scenario.planningItsRecording
        scenario.configuration.seed = seed
      }
      if notes { noteIgnored(arguments.all(changes), [scenario]) }
      return scenario
    } catch {
      // Where there is no file to speak of, the message says it all.
      throw Failure(error.message.hasPrefix("unknown scenario") ? error.message : error.description)
    }
  }

  /// Says on standard error which of the changes, `PATH=VALUE`, do nothing in one of the scenarios, or
  /// not what one would expect.
  static func noteIgnored(_ changes: [String], _ scenarios: [Scenario]) {
    var said: [String] = []
    for scenario in scenarios {
      for change in changes {
        let path = String(change.prefix { $0 != "=" })
        let settings = scenario.configuration.settings
        guard let ignored = SettingCatalogue.find(path)?.ignored(in: settings) else { continue }
        let note = "clustertop: note: \(path) has no effect here: \(ignored)\n"
        if !said.contains(note) { said.append(note) }
      }
      let paths = changes.map { String($0.prefix { $0 != "=" }) }
      for doubt in scenario.configuration.doubts where paths.contains(where: doubt.paths.contains) {
        let note = "clustertop: note: \(doubt.text)\n"
        if !said.contains(note) { said.append(note) }
      }
    }
    for note in said { Descriptor.complain(note) }
  }

  /// As `load`, for the dashboard, where a first word that is no scenario may be a command misspelt.
  static func loadOrCommand(_ name: String, _ arguments: Arguments) throws(Failure) -> Scenario {
    do throws(Failure) {
      return try load(name, arguments)
    } catch {
      let commands = Program.commands.map(\.name).filter { !$0.isEmpty }
      if commands.contains(name) {
        throw Failure("'\(name)' is a command; write it before its options")
      }
      let all = commands + Catalogue.names
      if !name.contains("/"), !name.contains("."), let nearest = Nearest.name(to: name, among: all),
        commands.contains(nearest)
      {
        throw Failure("unknown command or scenario '\(name)'; did you mean '\(nearest)'?")
      }
      throw error
    }
  }
}
