import Glibc

/// The lines of a file or of standard input, read as they come: one key a line.
///
/// A carriage return before the line feed is dropped, as are empty lines; the last line may lack
/// its line feed. Bytes are passed as they are.
struct LineReader: ~Copyable {
  private let name: String
  private let descriptor: Int32
  /// Bytes of a regular file, else 0.
  private let size: Int
  private let buffer: UnsafeMutableRawBufferPointer
  private var progress: ProgressBar
  private let isQuiet: Bool

  /// The longest line; more is no key.
  static let lineLimit = 1 << 16
  private static let bufferSize = 1 << 18

  /// Opens a file, or standard input for `-`. Throws `Failure` where it cannot be read.
  ///
  /// - Parameter isQuiet: shows no bar, for results that go to the same terminal line by line.
  init(_ path: String, isQuiet: Bool = false) throws(Failure) {
    let name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      if path != "-" { close(descriptor) }
      throw Failure("\(name): is a folder; the name of a file is expected")
    }
    self.name = name
    self.descriptor = descriptor
    size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
    progress = ProgressBar(name)
    self.isQuiet = isQuiet
  }

  deinit {
    buffer.deallocate()
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Calls `body` with each line's bytes, valid during the call, and shows how far it is.
  ///
  /// Throws `Failure` where reading fails, a line is too long, a signal came, or `body` does.
  mutating func visit(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    defer { progress.clear() }
    var filled = 0
    var total = 0
    var line = 1
    while true {
      try StopSignal.check()
      let count = read(descriptor, buffer.baseAddress! + filled, Self.bufferSize - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw Failure("\(name): cannot be read: \(String(cString: strerror(errno)))")
      }
      filled += count
      total += count
      let start = try lines(until: filled, &line, body)
      if count == 0 {
        if start < filled { try emit(start..<filled, body) }
        return
      }
      filled -= start
      guard filled <= Self.lineLimit else {
        throw Failure(
          "\(name):\(line):1: a line of more than \(Self.lineLimit) bytes; expected one key a line")
      }
      memmove(buffer.baseAddress!, buffer.baseAddress! + start, filled)
      show(total, line)
    }
  }

  private mutating func show(_ bytes: Int, _ line: Int) {
    if isQuiet { return }
    if size > 0 {
      progress.show(min(1, Double(bytes) / Double(size)))
    } else {
      progress.show(line - 1, of: "lines")
    }
  }

  /// All whole lines of the buffer; returns where the rest begins.
  private func lines(
    until end: Int, _ line: inout Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    var start = 0
    while start < end, let feed = memchr(buffer.baseAddress! + start, 10, end - start) {
      let place = feed - UnsafeMutableRawPointer(buffer.baseAddress!)
      guard place - start <= Self.lineLimit else {
        throw Failure(
          "\(name):\(line):1: a line of more than \(Self.lineLimit) bytes; expected one key a line")
      }
      try emit(start..<place, body)
      start = place + 1
      line += 1
    }
    return start
  }

  private func emit(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var range = range
    if range.upperBound > range.lowerBound, buffer[range.upperBound - 1] == 13 {
      range = range.lowerBound..<range.upperBound - 1
    }
    guard !range.isEmpty else { return }
    try body(UnsafeRawBufferPointer(rebasing: buffer[range]))
  }
}
