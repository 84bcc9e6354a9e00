import Glibc

/// The built program, beside the test bundle.
enum Program {
  /// `…/clustertop` in the folder of the tests that run.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    precondition(length > 0)
    let own = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // Either the bundle itself runs, or a tool that was given the bundle's path.
    let places = [own] + CommandLine.arguments
    for place in places.filter({ $0.contains("/") }) {
      let candidate = place[..<place.lastIndex(of: "/")!] + "/clustertop"
      if access(String(candidate), X_OK) == 0 { return String(candidate) }
    }
    preconditionFailure("no clustertop beside \(places)")
  }()

  /// The folder of the package: where `.build` is.
  static let package: String = String(path[..<path.range(of: "/.build/").lowerBound])

  struct Outcome {
    var output: String
    var errors: String
    var code: Int32
  }

  /// Runs lines of `bash` in which `$CT` is the program, with an empty home, and waits for them;
  /// 124 is the code where that takes too long.
  static func shell(_ lines: String) -> Outcome {
    let folder = Folder()
    folder.write("script", lines)
    let status = system(
      """
      unset XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR COLORTERM BASH_ENV
      export CT='\(path)' HOME='\(folder.path)' TERM=xterm-256color LC_ALL=C.UTF-8
      cd '\(folder.path)' && timeout 60 bash script >out 2>err </dev/null
      """)
    return Outcome(
      output: folder.read("out"), errors: folder.read("err"), code: (status >> 8) & 0xff)
  }

  /// Runs the program with arguments as a shell would take them.
  static func run(_ arguments: String) -> Outcome { shell("\"$CT\" \(arguments)") }
}

extension String {
  fileprivate func range(of text: String) -> Range<Index> {
    var place = startIndex
    while place != endIndex {
      if self[place...].hasPrefix(text) { return place..<index(place, offsetBy: text.count) }
      place = index(after: place)
    }
    preconditionFailure("\(self) has no \(text)")
  }
}

/// A folder that goes away with its last user.
final class Folder {
  let path: String

  init() {
    var template = Array("/tmp/clustertop-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    path = String(cString: made)
  }

  deinit { _ = system("rm -rf '\(path)'") }

  /// The text of a file in it; empty where there is none.
  func read(_ name: String) -> String { Self.text(of: "\(path)/\(name)") }

  static func text(of path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ name: String, _ text: String) {
    guard let file = fopen("\(path)/\(name)", "we") else { preconditionFailure("cannot write") }
    fputs(text, file)
    fclose(file)
  }
}
