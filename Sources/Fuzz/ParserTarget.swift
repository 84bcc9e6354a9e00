import CellUI
import ClusterSim
import Consistency
import Scenarios

/// What libFuzzer calls with bytes of its own making: the first byte chooses a reader, the rest is
/// its file. Every reader must take or refuse the bytes; what traps or hangs is a finding.
///
/// CLUSTERTOP_FUZZ=1 swift build -c release --scratch-path .build/fuzz --product Fuzz -Xswiftc -use-ld=lld \
///   -Xswiftc -sanitize=fuzzer
/// .build/fuzz/release/Fuzz -max_total_time=600 -timeout=5 -rss_limit_mb=512 CORPUS
private func readAnything(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0, let data else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  switch data[0] % 6 {
  case 0, 1: readScenario(bytes)
  case 2: _ = try? Theme(file: bytes)
  case 3: readHistory(bytes)
  case 4: readAction(bytes)
  default: readShard(bytes)
  }
  return 0
}

/// What is read must also come back from the text of a recording of it.
private func readScenario(_ bytes: [UInt8]) {
  guard let scenario = try? Scenario.read(bytes, file: "fuzz.yaml") else { return }
  let recording = scenario.recording ?? Recording()
  guard
    let text = try? RecordingText.text(
      scenario.configuration, recording, end: .zero + scenario.duration)
  else { return }
  guard let again = try? Scenario.read(Array(text.utf8), file: "again.yaml") else {
    preconditionFailure("a recording that cannot be read:\n\(text)")
  }
  precondition(again.configuration == scenario.configuration, "another cluster:\n\(text)")
  precondition((again.recording ?? Recording()) == recording, "another recording:\n\(text)")
}

private func readHistory(_ bytes: [UInt8]) {
  var reader = HistoryReader()
  var records: [HistoryReader.Placed] = []
  let middle = bytes.count / 2
  do {
    try reader.feed(bytes[..<middle], into: &records)
    try reader.feed(bytes[middle...], into: &records)
    try reader.finish(into: &records)
  } catch { return }
}

/// An action's own text is read as the same action.
private func readAction(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  let names = ActionNames(nodes: ["n1", "n2"], hosts: ["n1", "n2", "c-east"], locations: ["east"])
  _ = ActionGrammar.completions(for: text, names: names)
  _ = try? Condition.parse(text, names: names)
  guard let action = try? ActionGrammar.parse(text, names: names) else { return }
  guard let again = try? ActionGrammar.parse(action.text, names: names) else {
    preconditionFailure("'\(action.text)', of '\(text)', is not read")
  }
  precondition(again == action, "'\(text)' and its text '\(action.text)' differ")
}

private func readShard(_ bytes: [UInt8]) {
  var merge = SweepMerge()
  do {
    try merge.add(String(decoding: bytes, as: UTF8.self), file: "shard")
    _ = try merge.whole()
  } catch { return }
}

private typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// libFuzzer's own main, as a function.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ target: Target
) -> CInt

/// Where the package manager makes `main` point.
@_cdecl("Fuzz_main")
public func fuzzMain(
  _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var words = words
  return runDriver(&count, &words) { readAnything($0, $1) }
}
