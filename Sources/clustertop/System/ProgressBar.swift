import Glibc

/// A bar on standard error while long work lasts; nothing where that is no terminal.
struct ProgressBar {
  private let label: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private var lastDrawn: Int64 = 0
  private var drawnColumns = 0
  private static let interval: Int64 = 100_000_000
  private static let width = 30

  init(_ label: String) { self.label = label }

  /// Shows that `share` (0 to 1) of the work is done.
  mutating func show(_ share: Double) {
    guard isDue else { return }
    let filled = Int(share * Double(Self.width))
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    draw("\(label) [\(bar)] \(Int(share * 100))%")
  }

  /// Shows how much is done where nobody knows how much there is.
  mutating func show(_ count: Int, of what: String) {
    guard isDue else { return }
    draw("\(label): \(count) \(what)")
  }

  private var isDue: Bool { isShown && Clock.wall - lastDrawn >= Self.interval }

  private mutating func draw(_ line: String) {
    lastDrawn = Clock.wall
    drawnColumns = max(drawnColumns, line.utf8.count)
    Descriptor.complain("\r" + line)
  }

  /// Wipes it off.
  mutating func clear() {
    guard drawnColumns > 0 else { return }
    Descriptor.complain("\r" + String(repeating: " ", count: drawnColumns) + "\r")
    drawnColumns = 0
  }
}
