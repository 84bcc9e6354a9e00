import Glibc

/// Lines of standard input as somebody types them. The standard library's `readLine` goes on waiting
/// through a signal; this ends, so that what was done can still be saved.
struct TypedLines {
  private var waiting: [UInt8] = []
  private var isAtEnd = false
  /// Longer lines are cut into several: nobody types so much.
  private static let limit = 1 << 16

  /// The next line without its line feed; nil at the end, or once INT or TERM has come.
  mutating func next() -> String? {
    while true {
      if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
        defer { waiting.removeSubrange(...end) }
        return String(decoding: waiting[..<end], as: UTF8.self)
      }
      if isAtEnd || waiting.count >= Self.limit {
        defer { waiting.removeAll() }
        return waiting.isEmpty ? nil : String(decoding: waiting, as: UTF8.self)
      }
      guard StopSignal.pending == nil else { return nil }
      fill()
    }
  }

  private mutating func fill() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count > 0 {
      waiting += chunk[..<count]
    } else if count == 0 || errno != EINTR {
      isAtEnd = true
    }
  }
}
