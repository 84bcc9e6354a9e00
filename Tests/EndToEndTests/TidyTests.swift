import Glibc
import Testing

/// The rules of the house that no compiler checks, held over every source file.
struct TidyTests {
  /// What each target may import; the arrows between the targets are in Package.swift.
  private static let allowed: [(target: String, imports: [String])] = [
    ("Consistency", ["Glibc"]),
    ("ClusterSim", ["Consistency", "CDigest", "Glibc"]),
    ("Scenarios", ["ClusterSim", "Consistency", "CYAML", "CEmbedded", "Glibc"]),
    ("CellUI", []),
    ("Dashboard", ["CellUI", "ClusterSim", "Consistency", "Scenarios"]),
    ("NcursesTerminal", ["CellUI", "CNcurses", "Glibc"]),
  ]

  @Test func imports_ofEveryTarget_keepToItsArrows() {
    for (target, imports) in Self.allowed {
      for file in Self.files("Sources/\(target)") {
        for line in file.lines {
          let words = line.split(separator: " ").drop { $0.hasPrefix("@") }
          guard words.first == "import", let name = words.last else { continue }
          #expect(imports.contains(String(name)), "\(file.path): \(line)")
        }
      }
    }
  }

  /// Wall clocks, the system's random numbers and its environment have no place below the program:
  /// the same inputs must give the same run.
  @Test func simulation_readsNothingFromOutside() {
    let words = [
      "clock_gettime", "gettimeofday", "getenv", ".randomElement", ".shuffled()", ".random(",
      "SystemRandomNumberGenerator", "ContinuousClock", "pthread_", "async ", "await ", "fopen",
    ]
    for target in ["ClusterSim", "Consistency"] {
      for file in Self.files("Sources/\(target)") {
        for line in file.lines where !line.trimmed.hasPrefix("//") {
          for word in words { #expect(!line.contains(word), "\(file.path): \(line)") }
        }
      }
    }
  }

  @Test func files_areNamedAfterWhatTheyHold_andFitAReader() {
    for file in Self.files("Sources") where file.path.hasSuffix(".swift") {
      #expect(file.lines.count <= 320, "\(file.path) has \(file.lines.count) lines")
      for word in ["Manager", "Helper", "Utils", "Utilities"] {
        #expect(!file.path.contains(word), "\(file.path)")
      }
    }
  }

  /// A line in the catalogue for every file of the library, and a file for every line.
  @Test func library_isWholeInTheHelp() {
    let help = Program.run("--help").output
    let lessons = Program.run("lessons").output
    for file in Self.files("Sources/Scenarios/Library") {
      let name = file.path.split(separator: "/").last!.dropLast(".yaml".count)
      #expect(help.contains(name) || lessons.contains(name), "\(file.path) is listed nowhere")
    }
  }

  /// The top level holds what the project's shape says and nothing else.
  @Test func topLevel_holdsWhatItMay() {
    let names = Program.shell("ls '\(Program.package)'").output.split(separator: "\n")
    for name in names {
      #expect(
        ["Package.swift", "Sources", "Tests", "Themes", "README.md", "LICENSE"].contains(name))
    }
  }

  private struct Source {
    let path: String
    let lines: [Substring]
  }

  private static func files(_ folder: String) -> [Source] {
    let list = Program.shell("cd '\(Program.package)' && find \(folder) -type f | sort").output
    let files = list.split(separator: "\n").map { path in
      Source(
        path: String(path),
        lines: Folder.text(of: "\(Program.package)/\(path)").split(
          separator: "\n", omittingEmptySubsequences: false))
    }
    precondition(!files.isEmpty, "no file in \(folder)")
    return files
  }
}

extension Substring {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
