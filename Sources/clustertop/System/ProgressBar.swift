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
    guard isShown, Clock.wall - lastDrawn >= Self.interval else { return }
    lastDrawn = Clock.wall
    let filled = Int(share * Double(Self.width))
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let line = "\(label) [\(bar)] \(Int(share * 100))%"
    drawnColumns = line.utf8.count
    Descriptor.complain("\r" + line)
  }

  /// Wipes it off.
  mutating func clear() {
    guard drawnColumns > 0 else { return }
    Descriptor.complain("\r" + String(repeating: " ", count: drawnColumns) + "\r")
    drawnColumns = 0
  }
}
