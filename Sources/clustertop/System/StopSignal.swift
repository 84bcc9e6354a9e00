import Glibc
import Synchronization

/// INT and TERM during headless work: noted, so that the work can leave nothing half-written.
enum StopSignal {
  private static let number = Atomic<Int32>(0)

  /// The first signal that came.
  static var pending: Int32? {
    let number = number.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// From now on INT and TERM are noted instead of ending the process; a second one ends it.
  static func watch() {
    _ = pending
    for signal in [SIGINT, SIGTERM] {
      var action = sigaction()
      sigaction(signal, nil, &action)
      // Background jobs of simple shells ignore INT; that stays so.
      if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
      {
        continue
      }
      action.__sigaction_handler.sa_handler = { StopSignal.number.store($0, ordering: .relaxed) }
      // No SA_RESTART: a write that waits for its reader must come back.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
  }

  /// Throws where a signal came.
  static func check() throws(Failure) {
    if let number = pending { throw .signal(number) }
  }
}
