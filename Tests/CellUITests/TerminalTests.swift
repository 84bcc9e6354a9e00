import CellUI
import Glibc
import NcursesTerminal
import Testing

/// The other side of a terminal: what the program sent, and keys to send to it. Each test runs in
/// a process of its own, because standard input and output become the pseudo-terminal there.
private struct Pseudoterminal {
  let main: Int32
  /// Path of the program's side.
  let name: String

  init() {
    // Linux's own requests (TIOCSPTLCK, TIOCGPTN: man ioctl_tty), because the Glibc module leaves
    // out posix_openpt and its kin.
    main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var unlocked: Int32 = 0
    var number: UInt32 = 0
    precondition(ioctl(main, 0x4004_5431, &unlocked) == 0 && ioctl(main, 0x8004_5430, &number) == 0)
    name = "/dev/pts/\(number)"
    resize(width: 80, height: 24)
    _ = fcntl(main, F_SETFL, O_NONBLOCK)
  }

  /// A new one that becomes descriptors 0 and 1 of this process.
  init(
    width: Int, height: Int, term: String = "xterm-256color", locale: String = "C.UTF-8",
    more: [String: String] = [:]
  ) {
    self.init()
    resize(width: width, height: height)
    Pseudoterminal.attach(name, term: term, locale: locale, more: more)
  }

  /// Makes descriptors 0 and 1 this terminal and sets the environment.
  static func attach(
    _ name: String, term: String = "xterm-256color", locale: String = "C.UTF-8",
    more: [String: String] = [:]
  ) {
    let side = open(name, O_RDWR | O_NOCTTY)
    precondition(side >= 0 && dup2(side, 0) == 0 && dup2(side, 1) == 1)
    for name in ["NO_COLOR", "COLORTERM", "TMUX", "LINES", "COLUMNS", "LC_CTYPE"] { unsetenv(name) }
    setenv("TERM", term, 1)
    setenv("LC_ALL", locale, 1)
    for (name, value) in more { setenv(name, value, 1) }
  }

  /// The line settings of the terminal.
  var settings: termios {
    var settings = termios()
    tcgetattr(main, &settings)
    return settings
  }

  func resize(width: Int, height: Int) {
    var size = winsize(
      ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    precondition(ioctl(main, UInt(TIOCSWINSZ), &size) == 0)
  }

  /// Everything sent since the last call.
  func sent() -> [UInt8] {
    var result: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    var file = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
    while poll(&file, 1, 20) > 0 {
      let count = read(main, &part, part.count)
      if count <= 0 { break }
      result += part.prefix(count)
    }
    return result
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    precondition(write(main, bytes, bytes.count) == bytes.count)
  }
}

private func picture(_ terminal: NcursesTerminal) -> Canvas {
  var canvas = Canvas(
    width: terminal.size.width, height: terminal.size.height, glyphs: terminal.glyphs)
  let inner = canvas.box(number: 1, title: "Ring", note: "日本", focused: true)
  canvas.inside(inner) {
    LineChart(series: [.init([1, 5, 2, 9], Style(.chart1), heat: true)]).draw(&$0)
  }
  canvas.text(2, 1, "chosen", Style(.alive, .selected))
  return canvas
}

/// True if any SGR sequence among the bytes names a colour (ECMA-48: 30-49; xterm: 90-107).
private func hasColor(_ bytes: [UInt8]) -> Bool {
  let text = String(decoding: bytes, as: UTF8.self)
  for sequence in text.split(separator: "\u{1B}[").dropFirst() {
    guard let end = sequence.firstIndex(where: { !"0123456789;:".contains($0) }),
      sequence[end] == "m"
    else { continue }
    for number in sequence[..<end].split(whereSeparator: { ";:".contains($0) }) {
      if let code = Int(number), (30...49).contains(code) || (90...107).contains(code) {
        return true
      }
    }
  }
  return false
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
  String(decoding: bytes, as: UTF8.self).contains(text)
}

@Suite struct TerminalTests {
  @Test func present_unchanged_sendsNothingAndChangesLittle() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24)
      let terminal = try NcursesTerminal()
      precondition(terminal.size == Size(width: 80, height: 24) && terminal.glyphs == .braille)
      var canvas = picture(terminal)
      terminal.present(canvas)
      let first = other.sent()
      precondition(contains(first, "Ring") && contains(first, "日本") && hasColor(first))
      terminal.present(canvas)
      precondition(other.sent().isEmpty)
      canvas.put(40, 20, "x", Style(.text))
      terminal.present(canvas)
      let second = other.sent()
      precondition(second.contains(UInt8(ascii: "x")) && second.count < 60)
      terminal.redraw()
      terminal.present(canvas)
      precondition(other.sent().count > 400)
    }
  }

  @Test func close_givesTheTerminalBack() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24)
      var before = termios()
      tcgetattr(0, &before)
      let terminal = try NcursesTerminal()
      var during = termios()
      tcgetattr(0, &during)
      precondition(during.c_lflag != before.c_lflag)
      terminal.present(picture(terminal))
      precondition(contains(other.sent(), "\u{1B}[?1049h"))
      terminal.close()
      terminal.close()
      var after = termios()
      tcgetattr(0, &after)
      precondition(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
      precondition(after.c_oflag == before.c_oflag)
      let last = other.sent()
      for mode in ["1049l", "1000l", "2004l", "25h"] { precondition(contains(last, mode)) }
    }
  }

  @Test func colors_none_sendNoColorByte() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24, more: ["NO_COLOR": "1"])
      let terminal = try NcursesTerminal()
      precondition(terminal.depth == .mono)
      terminal.present(picture(terminal))
      terminal.close()
      let bytes = other.sent()
      precondition(contains(bytes, "Ring") && !hasColor(bytes))
    }
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24, more: ["COLORTERM": "truecolor"])
      let terminal = try NcursesTerminal(TerminalOptions(color: .mono, mouse: false))
      terminal.present(picture(terminal))
      terminal.close()
      let bytes = other.sent()
      precondition(!hasColor(bytes) && !contains(bytes, "?1000h"))
    }
  }

  @Test func oldTerminals_getSevenBitsAndNoColor() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24, term: "vt100")
      let terminal = try NcursesTerminal()
      precondition(terminal.depth == .mono && terminal.glyphs == .ascii)
      terminal.present(picture(terminal))
      terminal.close()
      let bytes = other.sent()
      precondition(contains(bytes, "Ring") && !hasColor(bytes) && bytes.allSatisfy { $0 < 128 })
      precondition(!contains(bytes, "?1000") && !contains(bytes, "?2004"))
    }
  }

  @Test func localeC_sendsSevenBits() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24, locale: "C")
      let terminal = try NcursesTerminal()
      precondition(terminal.glyphs == .ascii && terminal.depth == .indexed)
      terminal.present(picture(terminal))
      terminal.close()
      let bytes = other.sent()
      precondition(hasColor(bytes) && bytes.allSatisfy { $0 < 128 })
    }
  }

  @Test func keys_bothForms_areReadAndUnknownOnesDoNothing() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24)
      let terminal = try NcursesTerminal()
      let typed: [(String, [Key])] = [
        ("a", [.character("a")]), ("é", [.character("é")]), ("日", [.character("日")]),
        ("\u{1B}[A", [.up]), ("\u{1B}OA", [.up]), ("\u{1B}[1;5D", [.left]), ("\u{1B}[H", [.home]),
        ("\u{1B}[1~", [.home]), ("\u{1B}OF", [.end]), ("\u{1B}[6~", [.pageDown]),
        ("\u{1B}OP", [.function(1)]), ("\u{1B}[11~", [.function(1)]),
        ("\u{1B}[24~", [.function(12)]),
        ("\u{1B}[Z", [.backTab]), ("\u{10}", [.control("p")]), ("\r", [.enter]), ("\t", [.tab]),
        ("\u{7F}", [.backspace]), ("\u{1B}[3~", [.delete]), ("\u{1B}", [.escape]),
        // Letters inside sequences nobody defined must not act: K kills a node.
        ("\u{1B}[99;5K", []), ("\u{1B}[I", []), ("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", []),
        ("\u{1B}[200~K n\u{1B}[201~", [.paste("K n")]),
        ("\u{1B}[<0;5;6M\u{1B}[<0;5;6m", [.mouse(MouseEvent(.click, x: 4, y: 5))]),
        ("\u{1B}[<64;7;8M", [.mouse(MouseEvent(.wheelUp, x: 6, y: 7))]),
        ("\u{1B}[<65;7;8M", [.mouse(MouseEvent(.wheelDown, x: 6, y: 7))]),
        // A drift of the wheel to the side, which ncurses calls a right click.
        ("\u{1B}[<66;7;8M", []), ("\u{1B}[<67;7;8M", []), ("\u{1B}[<35;7;8M", []),
        ("\u{1B}[<2;7;8M", []), ("\u{1B}[<;;M", []), ("\u{1B}[<0;5", []),
        ("\u{1B}[M %&", [.mouse(MouseEvent(.click, x: 4, y: 5))]),
      ]
      for (bytes, keys) in typed {
        other.type(bytes)
        var found: [Key] = []
        while let key = terminal.readKey(milliseconds: found.isEmpty ? 120 : 40) {
          found.append(key)
        }
        precondition(found == keys, "\(bytes.debugDescription) gave \(found)")
      }
      terminal.close()
    }
  }

  @Test func resize_isAKeyAndGivesTheNewSize() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24)
      let terminal = try NcursesTerminal()
      terminal.present(picture(terminal))
      for (width, height) in [(120, 40), (1, 1), (20, 3), (200, 50)] {
        other.resize(width: width, height: height)
        // Not its controlling terminal, so the kernel tells nobody.
        kill(getpid(), SIGWINCH)
        precondition(terminal.readKey(milliseconds: 1000) == .resize)
        precondition(terminal.size == Size(width: width, height: height))
        terminal.present(picture(terminal))
        precondition(!other.sent().isEmpty)
        // A frame of another size than the screen is cut, not fatal.
        terminal.present(Canvas(width: 300, height: 90))
        terminal.present(Canvas(width: 0, height: 0))
      }
      precondition(terminal.readKey(milliseconds: 0) == nil)
      terminal.close()
    }
  }

  @Test func signal_polite_isReportedAndEndsTheWait() async {
    await #expect(processExitsWith: .success) {
      let other = Pseudoterminal(width: 80, height: 24)
      let terminal = try NcursesTerminal()
      kill(getpid(), SIGTERM)
      precondition(terminal.readKey(milliseconds: nil) == nil)
      precondition(terminal.pendingSignal == SIGTERM)
      terminal.close()
      precondition(contains(other.sent(), "1049l"))
    }
  }

  @Test func crash_restoresAndDiesOfItsSignal() async {
    for signal in [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE] {
      let other = Pseudoterminal()
      // Held open so that the settings survive the process.
      let held = open(other.name, O_RDWR | O_NOCTTY)
      defer { close(held) }
      let before = other.settings
      await #expect(processExitsWith: .signal(signal)) {
        [name = other.name as String, signal = signal as Int32] in
        Pseudoterminal.attach(name)
        let terminal = try NcursesTerminal()
        terminal.present(picture(terminal))
        kill(getpid(), signal)
        sleep(5)
      }
      let bytes = other.sent()
      for mode in ["1049h", "1049l", "1000l", "2004l", "25h"] {
        #expect(contains(bytes, "\u{1B}[?") && contains(bytes, mode), "\(signal) \(mode)")
      }
      let after = other.settings
      #expect(after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag)
      #expect(after.c_oflag == before.c_oflag)
    }
  }

  @Test func noTerminal_isOneClearLine() async {
    await #expect(processExitsWith: .success) {
      let nowhere = open("/dev/null", O_RDWR)
      precondition(dup2(nowhere, 0) == 0 && dup2(nowhere, 1) == 1)
      do {
        _ = try NcursesTerminal()
        preconditionFailure("opened /dev/null")
      } catch let error as TerminalError {
        precondition(error.message.contains("not a terminal") && !error.message.contains("\n"))
      }
    }
    await #expect(processExitsWith: .success) {
      _ = Pseudoterminal(width: 80, height: 24, term: "no-such-thing")
      do {
        _ = try NcursesTerminal()
        preconditionFailure("knew no-such-thing")
      } catch let error as TerminalError {
        precondition(error.message.contains("TERM=no-such-thing"))
      }
    }
  }

  @Test func newcomer_terminal_countsAsItsFamily() async {
    await #expect(processExitsWith: .success) {
      _ = Pseudoterminal(width: 80, height: 24, term: "xterm-newcomer")
      let terminal = try NcursesTerminal()
      precondition(terminal.depth == .indexed && terminal.environment.entry == "xterm-256color")
      terminal.close()
    }
  }
}
