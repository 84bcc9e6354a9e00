import Glibc

/// A file, or standard input as `-`, read piece by piece, so that its size does not matter.
struct InputFile: ~Copyable {
  let name: String
  /// Bytes in all; nil where that cannot be known, as of a pipe.
  let size: Int?
  private(set) var bytesRead = 0
  private let descriptor: Int32
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  /// Opens it. Throws `Failure` where it is missing, a folder, or unreadable.
  init(_ path: String) throws(Failure) {
    name = path == "-" ? "standard input" : path
    descriptor = Descriptor.opened(path)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw Self.failure(name) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw Failure("\(name): is a folder; a file is expected")
    }
    size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The next bytes; none at the end. Throws `Failure` where reading fails or a signal came.
  mutating func next() throws(Failure) -> ArraySlice<UInt8> {
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      try StopSignal.check()
      if count >= 0 {
        bytesRead += count
        return chunk[..<count]
      }
      guard errno == EINTR else { throw Self.failure(name) }
    }
  }

  private static func failure(_ name: String) -> Failure {
    if errno == EINTR, let number = StopSignal.pending { return .signal(number) }
    return Failure("\(name): cannot be read: \(String(cString: strerror(errno)))")
  }
}
