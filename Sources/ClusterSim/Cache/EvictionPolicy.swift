extension Settings.Policy {
  /// Whether a hit makes an object the last to leave: least recently used does, first in first out
  /// does not.
  var movesOnHit: Bool {
    switch self {
    case .lru: true
    case .fifo: false
    }
  }

  /// One line for the screen.
  public var meaning: String {
    switch self {
    case .lru: "the least recently requested object leaves first"
    case .fifo: "the object that came first leaves first"
    }
  }
}
