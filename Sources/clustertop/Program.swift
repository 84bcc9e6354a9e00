import ClusterSim
import Glibc

/// From the words on the command line to an exit code.
enum Program {
  /// The dashboard first: what runs where no other command is named.
  static let commands: [Command] = [
    .dashboard, .lesson, .lessons, .verifyLessons, .scenarios, .run, .compare, .sweep, .merge,
    .swarm, .replay, .check, .predict,
    .ring, .cache, .themes,
    .bench,
  ]

  static func run(_ words: some Collection<String>) -> Int32 {
    do throws(Failure) {
      let (command, rest) = command(words)
      let arguments = try Arguments(rest, for: command)
      if arguments.has(.help) {
        try Descriptor.print(HelpText.text(command, among: commands))
        return ExitCode.done
      }
      if arguments.has(.version) {
        try Descriptor.print("clustertop \(Build.id)\n")
        return ExitCode.done
      }
      return try command.run(arguments)
    } catch {
      if !error.message.isEmpty { complain(error.message) }
      return error.code
    }
  }

  /// The command that the first word names, and what follows it.
  private static func command(_ words: some Collection<String>) -> (Command, [String]) {
    if let first = words.first, let named = commands.first(where: { $0.name == first }),
      !first.isEmpty
    {
      return (named, Array(words.dropFirst()))
    }
    return (commands[0], Array(words))
  }

  /// One line; what a terminal would obey is shown by its symbol.
  private static func complain(_ message: String) {
    var line = String.UnicodeScalarView()
    for scalar in message.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
      line.append(isControl ? symbol(scalar) : scalar)
    }
    Descriptor.complain("clustertop: \(String(line))\n")
  }

  private static func symbol(_ control: Unicode.Scalar) -> Unicode.Scalar {
    switch control.value {
    case ..<0x20: Unicode.Scalar(0x2400 + control.value)!
    case 0x7f: "\u{2421}"
    default: "\u{fffd}"
    }
  }
}
