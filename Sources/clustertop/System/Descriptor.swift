import Glibc

/// Files by descriptor, whole and through interruptions.
enum Descriptor {
  /// Opens the file at `path`, or standard input for `-`, to be read; negative where the system refuses, which `errno` explains.
  /// A pipe is opened once somebody writes to it, or left with `EINTR` where INT or TERM came.
  static func opened(_ path: String) -> Int32 {
    if path == "-" { return dup(STDIN_FILENO) }
    while true {
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
      guard descriptor < 0, errno == EINTR, StopSignal.pending == nil else { return descriptor }
    }
  }

  /// Writes all of `text`. Throws `Failure` naming `what` where the system refuses, or where INT or
  /// TERM came while a reader kept it waiting.
  static func write(_ text: String, to descriptor: Int32, what: String) throws(Failure) {
    var text = text
    let problem = text.withUTF8 { obstacle(writing: UnsafeRawBufferPointer($0), to: descriptor) }
    try check(problem, what)
  }

  /// Writes all of `bytes`, as above.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, what: String
  ) throws(Failure) {
    try check(obstacle(writing: bytes, to: descriptor), what)
  }

  /// The system's number of what went wrong; nil where nothing did.
  private static func obstacle(
    writing bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        return errno
      } else if StopSignal.pending != nil {
        return EINTR
      }
    }
    return nil
  }

  private static func check(_ problem: Int32?, _ what: String) throws(Failure) {
    guard let problem else { return }
    // Whoever reads has had enough, as `head` has: no news to anybody.
    if problem == EPIPE { throw .signal(SIGPIPE) }
    if problem == EINTR, let number = StopSignal.pending { throw .signal(number) }
    throw Failure("\(what): \(String(cString: strerror(problem)))")
  }

  /// The result of a command.
  static func print(_ text: String) throws(Failure) {
    try write(text, to: STDOUT_FILENO, what: "standard output")
  }

  /// A diagnostic. Where even that cannot be written there is nobody to tell.
  static func complain(_ text: String) {
    try? write(text, to: STDERR_FILENO, what: "standard error")
  }
}
