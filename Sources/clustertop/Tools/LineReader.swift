import Glibc

/// The lines of a file or of standard input, read as they come: one key a line.
///
/// A carriage return before the line feed is dropped, as are empty lines; the last line may lack
/// its line feed. Bytes are passed as they are.
struct LineReader: ~Copyable {
  private let name: String
  private var descriptor: Int32
  /// Bytes of a regular file, else 0.
  private let size: Int
  /// Where reading began; nil where it cannot begin again, as with a pipe.
  private let start: off_t?
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
    let descriptor = path == "-" ? STDIN_FILENO : Descriptor.opened(path)
    guard descriptor >= 0 else {
      if errno == EINTR { try StopSignal.check() }
      throw Failure("\(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      if path != "-" { close(descriptor) }
      throw Failure("\(name): is a folder; the name of a file is expected")
    }
    self.name = name
    self.descriptor = descriptor
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    size = isRegular ? Int(status.st_size) : 0
    let place = isRegular ? lseek(descriptor, 0, SEEK_CUR) : -1
    start = place >= 0 ? place : nil
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
    progress = ProgressBar(name)
    self.isQuiet = isQuiet
  }

  deinit {
    buffer.deallocate()
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Reads everything once, so that what is wrong far down is said before anything is done with
  /// what stands above it; `visit` then begins at the first line again. A pipe is kept on disk.
  ///
  /// Throws `Failure` as `visit` does, and for a line that is not UTF-8.
  mutating func checkText() throws(Failure) {
    let name = name
    guard let start else {
      let spool = try SpoolFile(of: name)
      try pass(
        each: { (key, line) throws(Failure) in try Self.checkUTF8(key, name, line) },
        chunk: { (bytes) throws(Failure) in try spool.append(bytes) })
      let kept = try spool.reading()
      if descriptor != STDIN_FILENO { close(descriptor) }
      descriptor = kept
      return
    }
    try pass(each: { (key, line) throws(Failure) in try Self.checkUTF8(key, name, line) })
    guard lseek(descriptor, start, SEEK_SET) == start else { throw unreadable() }
  }

  /// Calls `body` with each line's bytes, valid during the call, and shows how far it is.
  ///
  /// Throws `Failure` where reading fails, a line is too long, a signal came, or `body` does.
  mutating func visit(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try pass(each: { (key, _) throws(Failure) in try body(key) })
  }

  /// One reading to the end: `chunk` gets all bytes as they come, `each` every line and its number.
  private mutating func pass(
    each: (UnsafeRawBufferPointer, Int) throws(Failure) -> Void,
    chunk: (UnsafeRawBufferPointer) throws(Failure) -> Void = { _ in }
  ) throws(Failure) {
    defer { progress.clear() }
    var filled = 0
    var total = 0
    var line = 1
    while true {
      try StopSignal.check()
      let count = read(descriptor, buffer.baseAddress! + filled, Self.bufferSize - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable() }
      try chunk(UnsafeRawBufferPointer(rebasing: buffer[filled..<filled + count]))
      filled += count
      total += count
      let start = try lines(until: filled, &line, each)
      if count == 0 {
        if start < filled { try emit(start..<filled, line, each) }
        return
      }
      filled -= start
      guard filled <= Self.lineLimit else { throw tooLong(line) }
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
    until end: Int, _ line: inout Int,
    _ each: (UnsafeRawBufferPointer, Int) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    var start = 0
    while start < end, let feed = memchr(buffer.baseAddress! + start, 10, end - start) {
      let place = feed - UnsafeMutableRawPointer(buffer.baseAddress!)
      guard place - start <= Self.lineLimit else { throw tooLong(line) }
      try emit(start..<place, line, each)
      start = place + 1
      line += 1
    }
    return start
  }

  private func emit(
    _ range: Range<Int>, _ line: Int,
    _ each: (UnsafeRawBufferPointer, Int) throws(Failure) -> Void
  ) throws(Failure) {
    var range = range
    if range.upperBound > range.lowerBound, buffer[range.upperBound - 1] == 13 {
      range = range.lowerBound..<range.upperBound - 1
    }
    guard !range.isEmpty else { return }
    try each(UnsafeRawBufferPointer(rebasing: buffer[range]), line)
  }

  private static func checkUTF8(
    _ key: UnsafeRawBufferPointer, _ name: String, _ line: Int
  ) throws(Failure) {
    if key.allSatisfy({ $0 < 0x80 }) || String(validating: key, as: UTF8.self) != nil { return }
    var decoder = UTF8()
    var bytes = key.makeIterator()
    var (column, place) = (1, 0)
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      column += 1
      place += UTF8.width(scalar)
    }
    let digits = String(key[place], radix: 16, uppercase: true)
    throw Failure(
      "\(name):\(line):\(column): the byte 0x\(digits) is not UTF-8 text; expected a key in UTF-8, "
        + "as keys are printed")
  }

  private func tooLong(_ line: Int) -> Failure {
    Failure(
      "\(name):\(line):1: a line of more than \(Self.lineLimit) bytes; expected one key a line")
  }

  private func unreadable() -> Failure {
    Failure("\(name): cannot be read: \(String(cString: strerror(errno)))")
  }
}
