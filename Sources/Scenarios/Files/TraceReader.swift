import ClusterSim

/// Reads the trace of a workload: `workload: {trace: FILE, trace_end: repeat}`, a key a line.
struct TraceReader {
  let reader: FieldReader

  static let fields = ["trace", "trace_end"]
  static let mostBytes = 64 << 20
  /// Of one key.
  static let keyBytes = 256

  /// The trace that the fields of `workload` name, looked for beside the scenario's file.
  ///
  /// Throws `ScenarioError` with the place in the scenario, or in the trace.
  func trace(_ workload: FieldReader.Fields) throws(ScenarioError) -> KeyTrace? {
    var repeats = true
    if let node = workload.node("trace_end") {
      let text = try reader.scalar(node, "trace_end")
      guard text == "repeat" || text == "stop" else {
        throw reader.fail(
          node.position,
          Nearest.message("trace_end", Visible.line(text), among: ["repeat", "stop"]))
      }
      repeats = text == "repeat"
    }
    guard let node = workload.node("trace") else {
      if let end = workload.node("trace_end") {
        throw reader.fail(end.position, "`trace_end` is for a `trace`, which is not given")
      }
      return nil
    }
    for entry in workload.entries where ["keys", "distribution"].contains(entry.key) {
      throw reader.fail(entry.keyPosition, "the trace says which keys there are; leave it out")
    }
    let path = beside(try reader.line(node, "trace", limit: 1024))
    guard FileBytes.isFile(path) else {
      throw reader.fail(node.position, "\(Visible.line(path)): there is no such file")
    }
    return try Self.trace(try FileBytes.read(path, limit: Self.mostBytes), path, repeats)
  }

  private func beside(_ path: String) -> String {
    guard !path.hasPrefix("/"), let end = reader.file.lastIndex(of: "/"),
      !reader.file.hasPrefix("built-in:"), !reader.file.hasPrefix("/dev/")
    else { return path }
    return String(reader.file[...end]) + path
  }

  private static func trace(
    _ bytes: [UInt8], _ path: String, _ repeats: Bool
  ) throws(ScenarioError) -> KeyTrace {
    var keys: [String] = []
    for (number, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      .enumerated()
    where !line.isEmpty {
      guard line.count <= keyBytes, let key = String(validating: line, as: UTF8.self),
        Visible.line(key) == key
      else {
        throw ScenarioError(
          file: path, line: number + 1, column: 1,
          message: "is no key: at most \(keyBytes) bytes of printable UTF-8 are expected")
      }
      keys.append(key)
    }
    guard let trace = KeyTrace(keys, repeats: repeats) else {
      throw ScenarioError(
        file: path,
        message: keys.isEmpty
          ? "is empty; a key a line is expected" : "has more than \(KeyTrace.mostKeys) keys")
    }
    return trace
  }
}
