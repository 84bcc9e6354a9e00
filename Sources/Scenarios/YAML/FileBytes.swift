import Glibc

/// Reads whole small files.
enum FileBytes {
  /// All bytes of the file at `path`, at most `limit` of them.
  ///
  /// Throws `ScenarioError` where it is missing, a folder, unreadable or larger.
  ///
  /// - Parameter awaitsWriter: waits until somebody writes to a pipe that the user named. Others,
  ///   which a file names or which lie in a folder, read as empty instead of waiting for ever.
  static func read(
    _ path: String, limit: Int = YAMLLimits.bytes, awaitsWriter: Bool = false
  ) throws(ScenarioError) -> [UInt8] {
    let wait = awaitsWriter ? 0 : O_NONBLOCK
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | wait)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw ScenarioError(file: path, message: "is a folder; a file is expected")
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path)
      }
      bytes += chunk[..<count]
    }
    throw ScenarioError(
      file: path, message: "is larger than \(limit >> 10) KiB, the limit for such a file")
  }

  /// True where something that is not a folder stands at `path`.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  private static func unreadable(_ path: String) -> ScenarioError {
    ScenarioError(file: path, message: "cannot be read: \(String(cString: strerror(errno)))")
  }
}
