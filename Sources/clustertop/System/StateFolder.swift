import Glibc

/// Where the program keeps what changes at run time: `$XDG_STATE_HOME/clustertop`. Every file is
/// replaced at one stroke, so that a crash loses nothing.
enum StateFolder {
  /// Nil where neither the variable nor a home folder is known.
  static var path: String? {
    if let folder = Environment.variable("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return folder + "/clustertop"
    }
    return Environment.variable("HOME").map { $0 + "/.local/state/clustertop" }
  }

  /// The text of a file in it; nil where there is none, or where it is no text.
  static func read(_ name: String, limit: Int = 64 << 10) -> String? {
    guard let path, let file = fopen("\(path)/\(name)", "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = fread(&bytes, 1, limit, file)
    return String(validating: bytes[..<count], as: UTF8.self)
  }

  /// Writes a file in it and returns its path. Throws `Failure` where that cannot be.
  @discardableResult
  static func write(_ name: String, _ text: String) throws(Failure) -> String {
    guard let path else {
      throw Failure("neither XDG_STATE_HOME nor HOME is set, so there is no place to save to")
    }
    makeFolder(path)
    let file = "\(path)/\(name)"
    try OutputFile.replace(file, with: text)
    return file
  }

  /// Makes the folder and those above it; what goes wrong shows when the file is opened.
  private static func makeFolder(_ path: String) {
    var end = path.startIndex
    while end != path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      mkdir(String(path[..<end]), 0o700)
    }
  }
}
