import Glibc

/// A file that appears whole or not at all: written beside its place and renamed.
///
/// Pipes, terminals and devices are written directly, as there is nothing to rename.
struct OutputFile: ~Copyable {
  private let path: String
  /// Nil once it is in its place, and where it is written directly.
  private var temporary: String?
  private var descriptor: Int32
  private var buffer = ""
  private static let bufferLimit = 1 << 16

  /// Opens a file to be written at `path`. Throws `Failure` where that cannot be.
  init(_ path: String) throws(Failure) {
    let opened = try Self.open(path)
    self.path = path
    descriptor = opened.descriptor
    temporary = opened.temporary
  }

  private static func open(
    _ path: String
  ) throws(Failure) -> (descriptor: Int32, temporary: String?) {
    var status = stat()
    var temporary: String?
    let descriptor: Int32
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw Failure("\(path): is a folder; the name of a file is expected")
      }
      descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    } else {
      temporary = "\(path).\(getpid()).part"
      descriptor = Glibc.open(temporary!, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw failure(path) }
    return (descriptor, temporary)
  }

  mutating func write(_ text: String) throws(Failure) {
    buffer += text
    if buffer.utf8.count >= Self.bufferLimit { try flush() }
  }

  private mutating func flush() throws(Failure) {
    try Descriptor.write(buffer, to: descriptor, what: path)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place.
  mutating func finish() throws(Failure) {
    try flush()
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path) }
    self.temporary = nil
  }

  deinit {
    close(descriptor)
    if let temporary { unlink(temporary) }
  }

  private static func failure(_ path: String) -> Failure {
    Failure("\(path): \(String(cString: strerror(errno)))")
  }
}

extension OutputFile {
  /// Throws `Failure` where nothing could be written at `path`; leaves nothing behind.
  static func check(_ path: String) throws(Failure) {
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
