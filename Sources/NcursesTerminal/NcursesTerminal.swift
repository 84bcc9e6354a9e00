import CNcurses
import CellUI
import Glibc

/// The real terminal, by way of ncurses. At most one is open at a time, used by one thread.
public final class NcursesTerminal: Terminal {
  public private(set) var glyphs: Glyphs
  public private(set) var depth: ColorDepth
  public let environment: TerminalEnvironment
  public private(set) var theme: Theme
  public private(set) var isMouseOn = false

  /// What the screen shows now; nil if unknown.
  private var shown: CellGrid?
  private var shownCursor: Point?
  private var shownCursorVisible = false
  /// Pair and attributes of each style met so far under the present theme and depth.
  private var looks: [Style: (pair: Int32, attributes: UInt8)] = [:]
  private var row: ContiguousArray<ct_cell> = []

  /// Takes the screen. Throws ``TerminalError`` with one line for the user if that cannot be.
  public init(_ options: TerminalOptions = TerminalOptions()) throws {
    guard isatty(STDOUT_FILENO) == 1 else {
      throw TerminalError("standard output is not a terminal; `clustertop run` needs none")
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw TerminalError(
        "standard input is not a terminal, so no key could arrive; `clustertop run` needs none")
    }
    environment = try TerminalEnvironment(options)
    glyphs = environment.glyphs
    depth = environment.depth
    theme = options.theme
    var opened = ct_open(environment.entry, depth != .mono, environment.hasXtermModes)
    if !opened && environment.depth == .direct {
      depth = .indexed
      opened = ct_open(environment.term, true, environment.hasXtermModes)
    }
    guard opened else {
      throw TerminalError(
        "TERM=\(environment.term) cannot show a full screen; `clustertop run` needs none")
    }
    depth = min(depth, NcursesTerminal.depth(colors: Int(ct_colors())))
    if options.mouse { setMouse(true) }
  }

  deinit { ct_close() }

  static func depth(colors: Int) -> ColorDepth {
    switch colors {
    case ..<8: .mono
    case ..<16: .eight
    case ..<256: .sixteen
    case ..<65536: .indexed
    default: .direct
    }
  }

  public var size: Size { Size(width: Int(ct_columns()), height: Int(ct_rows())) }

  /// INT, TERM, HUP or QUIT once one of them has come: time to close and to leave with 128 more.
  public var pendingSignal: Int32? {
    let number = ct_pending_signal()
    return number == 0 ? nil : number
  }

  public func present(_ grid: CellGrid, cursor: Point?, cursorVisible: Bool) {
    let size = self.size
    let runs = GridDiff.runs(from: shown, to: grid)
    let resting = cursor ?? Point(max(0, size.width - 1), max(0, size.height - 1))
    if runs.isEmpty && resting == shownCursor && cursorVisible == shownCursorVisible { return }
    for run in runs where run.y < size.height { draw(grid, run, width: size.width) }
    ct_flush(
      Int32(min(max(resting.y, 0), max(0, size.height - 1))),
      Int32(min(max(resting.x, 0), max(0, size.width - 1))), cursorVisible)
    shown = grid
    shownCursor = resting
    shownCursorVisible = cursorVisible
  }

  private func draw(_ grid: CellGrid, _ run: GridDiff.Run, width: Int) {
    row.removeAll(keepingCapacity: true)
    var last: (style: Style, pair: Int32, attributes: UInt8)?
    for x in run.x where x < width {
      let cell = grid[x, run.y]
      if cell.isFiller { continue }
      if last?.style != cell.style {
        let look = self.look(cell.style)
        last = (cell.style, look.pair, look.attributes)
      }
      let wide = x + 1 < grid.width && grid[x + 1, run.y].isFiller
      // A wide character that the edge of the screen cuts in two cannot be shown.
      let cut = wide && x + 1 >= width
      row.append(
        ct_cell(
          scalar: cut ? 32 : cell.code, pair: last!.pair, attributes: last!.attributes,
          span: wide && !cut ? 2 : 1, unused: 0))
    }
    row.withUnsafeBufferPointer {
      ct_draw(Int32(run.y), Int32(run.x.lowerBound), $0.baseAddress, Int32($0.count))
    }
  }

  private func look(_ style: Style) -> (pair: Int32, attributes: UInt8) {
    if let known = looks[style] { return known }
    let look = theme.look(style, depth)
    let made = (
      pair: ct_pair(Int32(look.foreground), Int32(look.background)),
      attributes: look.attributes.rawValue
    )
    looks[style] = made
    return made
  }

  public func setTheme(_ theme: Theme) {
    self.theme = theme
    looks = [:]
    shown = nil
  }

  public func setMouse(_ on: Bool) {
    isMouseOn = on && environment.hasXtermModes
    ct_mouse(on)
  }

  public func redraw() {
    ct_forget()
    shown = nil
    shownCursor = nil
  }

  public func suspend() {
    ct_suspend()
    redraw()
  }

  public func close() { ct_close() }

  public func readKey(milliseconds: Int?) -> Key? {
    let deadline = milliseconds.map { NcursesTerminal.now() + Int64($0) }
    while true {
      if pendingSignal != nil { return nil }
      if let key = keyFromFlags() ?? nextKey() { return key }
      var wait = Int32(-1)
      if let deadline {
        let left = deadline - NcursesTerminal.now()
        if left <= 0 && milliseconds != 0 { return nil }
        wait = Int32(clamping: max(0, left))
      }
      if !ct_wait(wait) { ct_set_pending_signal(SIGHUP) }
      if milliseconds == 0 { return pendingSignal == nil ? keyFromFlags() ?? nextKey() : nil }
    }
  }

  /// Milliseconds of a clock that never jumps.
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private func keyFromFlags() -> Key? {
    let flags = Int(ct_take_flags())
    if flags == 0 { return nil }
    if flags & Int(CT_STOP) != 0 {
      suspend()
      return .resize
    }
    if flags & Int(CT_CONTINUED) != 0 {
      ct_resume()
      redraw()
      return .resize
    }
    guard ct_resize() else { return nil }
    shown = nil
    return .resize
  }
}
