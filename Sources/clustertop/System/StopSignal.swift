import Glibc
import Synchronization

/// INT, TERM and HUP during headless work: noted, so that the work can leave nothing half-written.
enum StopSignal {
  private static let number = Atomic<Int32>(0)

  /// The first signal that came.
  static var pending: Int32? {
    let number = number.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// What holds for the whole program, before it does anything.
  static func settle() {
    // Swift's crash reporter takes QUIT for a crash, reports it and lets the program go on.
    if !isIgnored(SIGQUIT) { signal(SIGQUIT, SIG_DFL) }
    // Ignored, a file at the limit of sizes is an error of its write, which is told.
    signal(SIGXFSZ, SIG_IGN)
    // Ignored, a reader that left is an error of the write, on whose way out files are cleared away.
    signal(SIGPIPE, SIG_IGN)
  }

  /// From now on INT, TERM and HUP are noted instead of ending the process; a second INT or TERM
  /// ends it.
  static func watch() {
    _ = pending
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      // Background jobs of simple shells ignore INT, and nohup HUP; that stays so.
      if isIgnored(signal) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { StopSignal.number.store($0, ordering: .relaxed) }
      // No SA_RESTART: a write that waits for its reader must come back. When a terminal goes, HUP
      // comes twice, from the shell and from the system: nobody is impatient then.
      action.sa_flags = signal == SIGHUP ? 0 : Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Throws where a signal came.
  static func check() throws(Failure) {
    if let number = pending { throw .signal(number) }
  }
}
