import CEmbedded
import CellUI
import ClusterSim
import Glibc
import Scenarios

/// The themes to choose from: the user's own folder first, then the bundled ones.
enum ThemeShelf {
  struct Entry {
    /// What `--theme` takes.
    let name: String
    /// The user's file; nil for a bundled one.
    let path: String?
    let theme: Theme
  }

  /// Where the theme chosen with the key is kept in the state folder.
  static let stateFile = "theme"

  private static let suffixes = [".yaml", ".yml", ".theme"]

  /// Names of the bundled themes, in the order of the theme key.
  static var bundledNames: [String] {
    (0..<embedded_theme_count()).map { String(cString: embedded_theme($0).name) }
  }

  static func bundled(_ name: String) throws(Failure) -> Entry? {
    for index in 0..<embedded_theme_count() {
      let file = embedded_theme(index)
      guard String(cString: file.name) == name else { continue }
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
      return Entry(
        name: name, path: nil, theme: try read(Array(bytes), name: name, shown: "built-in:\(name)"))
    }
    return nil
  }

  /// The theme that `text` means: a file, a theme of the user's folder, or a bundled one.
  static func find(_ text: String) throws(Failure) -> Entry {
    if text.contains("/") || isFile(text) { return try load(text) }
    for suffix in [""] + suffixes {
      if let path = folder.map({ "\($0)/\(text)\(suffix)" }), isFile(path) { return try load(path) }
    }
    if let entry = try bundled(text) { return entry }
    if suffixes.contains(where: text.hasSuffix) { return try load(text) }
    throw Failure(Nearest.message("theme", text, among: bundledNames + ownNames))
  }

  /// Where the user's own themes are looked for.
  static var folder: String? { Catalogue.configurationFolder().map { $0 + "/themes" } }

  /// The user's own themes, by name, in alphabetical order.
  static var ownNames: [String] {
    guard let folder, let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory), names.count < 1000 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let suffix = suffixes.first(where: name.hasSuffix), !name.hasPrefix(".") {
        names.append(String(name.dropLast(suffix.count)))
      }
    }
    return names.sorted()
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  private static func load(_ path: String) throws(Failure) -> Entry {
    guard let file = fopen(path, "re") else {
      throw Failure("\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    // One byte more than allowed, so that the reader says what is too much.
    var bytes = [UInt8](repeating: 0, count: Theme.fileLimit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    if ferror(file) != 0 {
      throw Failure("\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    let name = suffixes.first(where: last.hasSuffix).map { String(last.dropLast($0.count)) } ?? last
    return Entry(
      name: name, path: path, theme: try read(Array(bytes[..<count]), name: name, shown: path))
  }

  private static func read(
    _ bytes: [UInt8], name: String, shown: String
  ) throws(Failure) -> Theme {
    do {
      return try Theme(file: bytes, fallbackName: name)
    } catch {
      throw Failure("\(shown):\(error)")
    }
  }
}
