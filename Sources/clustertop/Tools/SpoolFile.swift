import Glibc

/// What comes through a pipe, kept on disk so that it can be read a second time. The file has no
/// name: however the program ends, nothing of it is left.
struct SpoolFile: ~Copyable {
  private let descriptor: Int32
  private let what: String

  /// - Parameter what: whose bytes they are, for messages.
  init(of what: String) throws(Failure) {
    let folder = Environment.variable("TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/clustertop-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    self.what = "\(what): cannot be kept in \(folder) until it is checked"
    guard descriptor >= 0 else {
      throw Failure("\(self.what): \(String(cString: strerror(errno)))")
    }
    unlink(template)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    try Descriptor.write(bytes, to: descriptor, what: what)
  }

  /// A descriptor at the first byte, for the caller to close.
  func reading() throws(Failure) -> Int32 {
    let copy = dup(descriptor)
    guard copy >= 0, lseek(copy, 0, SEEK_SET) == 0 else {
      throw Failure("\(what): \(String(cString: strerror(errno)))")
    }
    return copy
  }
}
