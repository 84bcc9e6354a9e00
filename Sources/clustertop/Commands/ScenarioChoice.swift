import ClusterSim
import Scenarios

/// The scenario that the arguments name, with what they change in it.
enum ScenarioChoice {
  /// Finds `name` (a file, `-` for standard input, or a built-in one) and applies `--seed` and
  /// the option of changes, `--set` at first. Throws `Failure`; where the name is nearer to a command, it says so.
  static func load(
    _ name: String, _ arguments: Arguments, changes: Option = .set
  ) throws(Failure) -> Scenario {
    do throws(ScenarioError) {
      let file = name == "-" ? "/dev/stdin" : name
      var scenario = try Catalogue.find(file).applying(
        overrides: arguments.all(changes), option: "--\(changes.name)")
      if let seed = try? arguments.seed() {
        scenario = scenario.planningItsRecording
        scenario.configuration.seed = seed
      }
      return scenario
    } catch {
      // Where there is no file to speak of, the message says it all.
      throw Failure(error.message.hasPrefix("unknown scenario") ? error.message : error.description)
    }
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
