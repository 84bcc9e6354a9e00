import Glibc
import Testing

/// However the program ends, the terminal is as it was found: line settings, main screen, cursor,
/// mouse.
struct TerminalRestoredTests {
  private static let state = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_flag}"

  /// Starts the program, ends it with `end`, and compares the terminal before and after.
  /// - Parameter code: the exit status as `sh` shows it.
  private static func check(
    _ name: String, code: Int, variables: String = "", _ end: (TmuxScreen) -> Void
  ) {
    let screen = TmuxScreen(120, 40, variables: variables)
    screen.type("stty -a > stty.before; echo before\n")
    screen.wait("\(name): a prompt") { $0.contains("before") }
    let before = screen.ask(state)
    #expect(before.hasPrefix("0 1 0"), "\(name): \(before)")
    screen.start("--seed 1; echo \"ended $?\"")
    screen.wait("8/8 up")
    #expect(screen.ask(state) != before, "\(name): the screen was never taken")
    end(screen)
    screen.wait("ended \(code)")
    #expect(screen.ask(state) == before, "\(name)")
    screen.type("stty -a > stty.after; echo after\n")
    screen.wait("\(name): echo works") {
      $0.contains("after") && $0.contains { $0.contains("echo after") }
    }
    let line = screen.folder.read("stty.after")
    #expect(!line.isEmpty && line == screen.folder.read("stty.before"), "\(name)")
  }

  @Test func keys_quitAndInterrupt_restore() {
    Self.check("q", code: 0) { $0.type("q") }
    Self.check("^C", code: 130) { $0.key("C-c") }
  }

  @Test func signals_fromOutside_restore() {
    Self.check("TERM", code: 143) { kill($0.processID(), SIGTERM) }
    Self.check("HUP", code: 129) { kill($0.processID(), SIGHUP) }
    Self.check("QUIT", code: 131) { kill($0.processID(), SIGQUIT) }
  }

  @Test func crashes_ofAnyKind_restore() {
    Self.check("SEGV", code: 139) { kill($0.processID(), SIGSEGV) }
    Self.check("ABRT", code: 134) { kill($0.processID(), SIGABRT) }
    Self.check("BUS", code: 135) { kill($0.processID(), SIGBUS) }
  }

  /// A broken invariant inside the program: a real trap, with the message that Swift prints.
  @Test func trap_insideTheProgram_restoresAndSaysWhy() {
    #if arch(x86_64)
      let code = 128 + Int(SIGILL)
    #else
      let code = 128 + Int(SIGTRAP)
    #endif
    Self.check("trap", code: code, variables: "CLUSTERTOP_TEST_TRAP=1") {
      $0.key("F12")
      $0.wait("asked to break by CLUSTERTOP_TEST_TRAP")
    }
  }
}
