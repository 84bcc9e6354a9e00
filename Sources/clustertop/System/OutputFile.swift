import Glibc

/// A file that appears whole or not at all: written beside its place and renamed.
///
/// A symbolic link stays, and what it names is written. Pipes, terminals, devices and what is open
/// already are written directly, as there is nothing to rename.
struct OutputFile: ~Copyable {
  /// As the user wrote it.
  private var name: String
  /// Where the file belongs, behind all links.
  private let place: String
  /// Nil once it is in its place, and where it is written directly.
  private var temporary: String?
  private var descriptor: Int32
  private var buffer = ""
  private static let bufferLimit = 1 << 16

  /// Opens a file to be written at `path`, or standard output for `-`. Throws `Failure` where that
  /// cannot be.
  init(_ path: String) throws(Failure) {
    name = path
    let place = try OutputPlace(path)
    if place.isStandardOutput { name = "standard output" }
    let opened = try Self.open(place, name)
    self.place = place.path
    descriptor = opened.descriptor
    temporary = opened.temporary
  }

  private static func open(
    _ place: OutputPlace, _ name: String
  ) throws(Failure) -> (descriptor: Int32, temporary: String?) {
    var temporary: String?
    let descriptor: Int32
    switch place.kind {
    case .open(let number): descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
    case .special: descriptor = Glibc.open(place.path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    case .regular(let mode):
      temporary = "\(place.path).\(getpid()).part"
      descriptor = Glibc.open(temporary!, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      // What replaces a file keeps its permissions.
      if descriptor >= 0, let mode { fchmod(descriptor, mode) }
    }
    guard descriptor >= 0 else {
      // A pipe is opened once somebody reads; the user may have waited long enough.
      if errno == EINTR { try StopSignal.check() }
      throw failure(name)
    }
    return (descriptor, temporary)
  }

  mutating func write(_ text: String) throws(Failure) {
    buffer += text
    if buffer.utf8.count >= Self.bufferLimit { try flush() }
  }

  private mutating func flush() throws(Failure) {
    try Descriptor.write(buffer, to: descriptor, what: name)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place.
  mutating func finish() throws(Failure) {
    try flush()
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, place) == 0 else { throw Self.failure(name) }
    self.temporary = nil
  }

  deinit {
    close(descriptor)
    if let temporary { unlink(temporary) }
  }

  private static func failure(_ name: String) -> Failure {
    Failure("\(name): \(String(cString: strerror(errno)))")
  }
}

extension OutputFile {
  /// Throws `Failure` where nothing could be written at `path`; leaves nothing behind.
  static func check(_ path: String) throws(Failure) {
    let place = try OutputPlace(path)
    // Opening and closing a pipe would tell its reader that all has come.
    if case .special = place.kind {
      guard access(place.path, W_OK) == 0 else { throw failure(path) }
      return
    }
    let file = try OutputFile(path)
    _ = consume file
  }

  /// Replaces the contents of the file at `path` at one stroke.
  static func replace(_ path: String, with text: String) throws(Failure) {
    var file = try OutputFile(path)
    try file.write(text)
    try file.finish()
  }
}
