import Glibc

/// Where a path leads that is to be written: behind its symbolic links, and to what.
struct OutputPlace {
  enum Kind: Equatable {
    /// A file, or nothing yet; the permissions of the one that is there.
    case regular(mode_t?)
    /// A pipe, a terminal or a device.
    case special
    /// What this process has open by that number: `-`, `/dev/stdout`, `/dev/fd/3`. To open it by its
    /// name would be another file with another position, which overwrites what goes to the first.
    case open(Int32)
  }
  let path: String
  let kind: Kind

  /// Standard output under any of its names.
  var isStandardOutput: Bool { kind == .open(STDOUT_FILENO) }

  /// True where what is written to both would be one mixture, or the second would replace the first.
  ///
  /// Hard links are two places: a file that is renamed into one leaves the other as it is.
  func collides(with other: OutputPlace) -> Bool {
    if case .open(let number) = kind { return other.kind == .open(number) }
    if case .open = other.kind { return false }
    let name = Self.canonical(path)
    return name == Self.canonical(other.path) && name != "/dev/null"
  }

  /// The same for all names of one place: its folder without links and dots, and its last name.
  private static func canonical(_ path: String) -> String {
    guard let folder = realpath(folder(of: path), nil) else { return path }
    defer { free(folder) }
    let parent = String(cString: folder)
    let last = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    return parent == "/" ? "/\(last)" : "\(parent)/\(last)"
  }

  /// As many links as the kernel follows.
  private static let mostLinks = 40

  /// Throws `Failure` for a folder, for links in a circle, and where the system refuses to look.
  init(_ path: String) throws(Failure) {
    if path == "-" {
      self.path = path
      kind = .open(STDOUT_FILENO)
      return
    }
    var place = path
    for _ in 0...Self.mostLinks {
      if let number = Self.openNumber(place) {
        self.path = place
        kind = .open(number)
        return
      }
      guard let target = Self.link(at: place) else {
        self.path = place
        kind = try Self.kind(of: place, name: path)
        return
      }
      place = target.hasPrefix("/") ? target : Self.folder(of: place) + target
    }
    throw Failure("\(path): \(String(cString: strerror(ELOOP)))")
  }

  private static func kind(of place: String, name: String) throws(Failure) -> Kind {
    var status = stat()
    guard stat(place, &status) == 0 else {
      // What is not there yet is made; everything else shows when it is opened.
      return .regular(nil)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw Failure("\(name): is a folder; the name of a file is expected")
    case S_IFREG:
      // Its folder would let it be replaced; that is not what write-protecting it was for.
      guard access(place, W_OK) == 0 else {
        throw Failure("\(name): \(String(cString: strerror(errno)))")
      }
      return .regular(status.st_mode & 0o777)
    default: return .special
    }
  }

  private static func openNumber(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// What the symbolic link at `path` names; nil where there is none.
  private static func link(at path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }
}
