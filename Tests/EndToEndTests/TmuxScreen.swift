import Glibc
import Testing

/// A terminal of fixed size in a tmux server of its own, with a shell in which the program is
/// started by hand, so that what it leaves behind can be seen.
final class TmuxScreen {
  private let socket: String
  let folder = Folder()
  private let environment: String

  /// - Parameters:
  ///   - variables: shell assignments for the environment, such as `NO_COLOR=1`.
  ///   - recording: whether every byte that reaches the terminal is kept.
  init(_ width: Int, _ height: Int, variables: String = "", recording: Bool = false) {
    socket = folder.path.split(separator: "/").last.map(String.init)!
    environment = variables
    folder.write(
      "tmux.conf",
      "set -g default-terminal tmux-256color\nset -g status off\nset -g escape-time 0\n")
    // A shell that prints a fixed prompt and reads no start-up files.
    run(
      "new-session -d -x \(width) -y \(height) -c \(folder.path) "
        + "'env -i PATH=/usr/bin:/bin HOME=\(folder.path) TERM=tmux-256color LC_ALL=C.UTF-8 "
        + "PS1=READY. \(variables) /bin/sh'")
    if recording { run("pipe-pane 'cat > \(folder.path)/bytes'") }
    wait("READY.")
  }

  deinit { run("kill-server") }

  @discardableResult
  private func run(_ command: String) -> Int32 {
    system(
      "env -u TMUX LC_ALL=C.UTF-8 tmux -L \(socket) -f '\(folder.path)/tmux.conf' \(command) "
        + "2>>'\(folder.path)/tmux.err'")
  }

  /// Starts the program in the shell.
  func start(_ arguments: String) { type("\(Program.path) \(arguments)\n") }

  /// Sends text as if typed; a line feed is Enter.
  func type(_ text: String) {
    for part in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { key("Enter") }
      if !part.element.isEmpty {
        let quoted = part.element.split(separator: "'", omittingEmptySubsequences: false)
          .joined(separator: #"'\''"#)
        run("send-keys -l -- '\(quoted)'")
      }
    }
  }

  /// Sends a key by tmux's name: `Enter`, `C-c`, `Escape`.
  func key(_ name: String) { run("send-keys \(name)") }

  func resize(_ width: Int, _ height: Int) { run("resize-window -x \(width) -y \(height)") }

  /// The lines that are on the screen now.
  var lines: [String] {
    run("capture-pane -p > '\(folder.path)/screen'")
    return folder.read("screen").split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  var text: String { lines.joined(separator: "\n") }

  /// What tmux knows of the pane, such as `#{alternate_on}`.
  func ask(_ format: String) -> String {
    run("display-message -p '\(format)' > '\(folder.path)/answer'")
    return String(folder.read("answer").prefix { $0 != "\n" })
  }

  /// Every byte that was sent since the start.
  var bytes: String { folder.read("bytes") }

  /// Waits until `holds` is true of the screen; records an issue with the screen where it never is.
  @discardableResult
  func wait(
    seconds: Double = 20, _ what: String, location: SourceLocation = #_sourceLocation,
    until holds: ([String]) -> Bool
  ) -> Bool {
    var left = Int(seconds / 0.05)
    while true {
      let lines = lines
      if holds(lines) { return true }
      if left == 0 {
        Issue.record(
          "never seen within \(seconds) s: \(what)\n\(lines.joined(separator: "\n"))",
          sourceLocation: location)
        return false
      }
      left -= 1
      usleep(50_000)
    }
  }

  /// Waits until `text` stands on the screen.
  @discardableResult
  func wait(
    seconds: Double = 20, _ text: String, location: SourceLocation = #_sourceLocation
  ) -> Bool {
    wait(seconds: seconds, "'\(text)'", location: location) { lines in
      lines.contains { $0.contains(text) }
    }
  }

  /// The program's process, once it runs.
  func processID(location: SourceLocation = #_sourceLocation) -> Int32 {
    let shell = ask("#{pane_pid}")
    for _ in 0..<200 {
      _ = system("pgrep -P \(shell) clustertop > '\(folder.path)/pid'")
      if let id = Int32(folder.read("pid").prefix { $0.isNumber }) { return id }
      usleep(25_000)
    }
    Issue.record("the program does not run", sourceLocation: location)
    return 0
  }
}
