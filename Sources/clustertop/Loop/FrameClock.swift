/// When the next frame is due, and how many there were lately.
struct FrameClock {
  /// Ten frames a second.
  static let interval: Int64 = 100_000_000
  private var next: Int64 = 0
  private var times: [Int64] = []

  /// Milliseconds until the next frame, rounded up, so that it is due then.
  func milliseconds(at wall: Int64) -> Int {
    Int((max(0, min(Self.interval, next - wall)) + 999_999) / 1_000_000)
  }

  func isDue(at wall: Int64) -> Bool { wall >= next }

  /// A frame begins. The next one is due an interval after this one was, unless that is past.
  mutating func tick(at wall: Int64) {
    next = max(next + Self.interval, wall + Self.interval / 4)
    if next - wall > Self.interval { next = wall + Self.interval }
    times.append(wall)
    if times.count > 20 { times.removeFirst() }
  }

  /// Forgets what was before a pause.
  mutating func restart(at wall: Int64) {
    next = wall + Self.interval
    times = []
  }

  /// Frames per second over the last twenty; nil before there were some.
  var rate: Double? {
    guard times.count > 5, let first = times.first, let last = times.last, last > first else {
      return nil
    }
    return (Double(times.count - 1) * 1e9 / Double(last - first)).rounded()
  }
}
