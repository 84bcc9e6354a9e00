import Glibc
import Testing

/// What cannot be used is refused before anything happens: exit 2, one line on standard error that
/// says where and what would be right.
struct BadInputTests {
  private struct Case {
    let arguments: String
    /// Files to make: name and text.
    var files: [(String, String)] = []
    /// What the line must contain.
    let says: [String]
  }

  private static let cases = [
    Case(arguments: "nosuchthing", says: ["nosuchthing"]),
    Case(arguments: "defualt", says: ["defualt", "did you mean 'default'"]),
    Case(arguments: "bnech", says: ["bnech", "did you mean 'bench'"]),
    Case(arguments: "--sed 7", says: ["--sed", "did you mean '--seed'"]),
    Case(arguments: "--seed", says: ["--seed", "needs a value"]),
    Case(arguments: "--seed 7x default", says: ["--seed", "7x", "whole number"]),
    Case(arguments: "--speed 1000", says: ["--speed", "1000", "0.1 to 100"]),
    Case(arguments: "--theme nrod", says: ["nrod", "did you mean 'nord'"]),
    Case(arguments: "--color=pink", says: ["--color", "pink", "auto|rgb|256|16|mono"]),
    Case(arguments: "run", says: ["SCENARIO is missing", "clustertop run SCENARIO"]),
    Case(arguments: "run default partition", says: ["'partition' is one too many"]),
    Case(arguments: "run partitoin", says: ["partitoin", "did you mean 'partition'"]),
    Case(arguments: "run default --for 60", says: ["--for", "60", "such as 250ms"]),
    Case(arguments: "run default --for 0s", says: ["--for", "0s", "from 1ms"]),
    Case(arguments: "run default --format xml", says: ["--format", "xml", "text", "json"]),
    Case(
      arguments: "run default --set storage.rr=1",
      says: ["storage.rr", "did you mean 'storage.r'"]),
    Case(arguments: "run default --set storage.r=17", says: ["storage.r", "17", "1 to 16"]),
    Case(arguments: "run default --set storage.r", says: ["storage.r", "PATH=VALUE"]),
    Case(arguments: "run default --for 1s --history /proc/x", says: ["/proc/x"]),
    Case(arguments: "run default --for 1s --history .", says: [".", "is a folder"]),
    Case(arguments: "run missing.yaml", says: ["missing.yaml", "No such file"]),
    Case(arguments: "run .", says: ["."]),
    // May be opened, but never read from its beginning, by nobody.
    Case(arguments: "run /proc/self/mem", says: ["/proc/self/mem: cannot be read"]),
    Case(
      arguments: "run broken.yaml", files: [("broken.yaml", "name: [a\nseed: 3\n")],
      says: ["broken.yaml:2:"]),
    Case(
      arguments: "run misspelt.yaml", files: [("misspelt.yaml", "name: a\nstorrage: {n: 3}\n")],
      says: ["misspelt.yaml:2:1", "did you mean 'storage'"]),
    Case(
      arguments: "run range.yaml", files: [("range.yaml", "storage:\n  r: 99\n")],
      says: ["range.yaml:2:6", "99", "1 to 16"]),
    Case(
      arguments: "run wild.yaml",
      files: [("wild.yaml", "host:\n  read_service: pareto 1ms 0.001\n")],
      says: ["wild.yaml:2:17", "`0.001`", "alpha from 0.5 to 1000.0"]),
    Case(
      arguments: "run slow.yaml",
      files: [("slow.yaml", "host: {read_service: exponential 500m}\n")],
      says: ["slow.yaml:1:22", "`500m` is out of range", "0s to 60s"]),
    Case(
      arguments: "run default --set 'network.local_jitter=exponential 1e300s'",
      says: ["--set network.local_jitter", "`1e300s` is no length of time", "such as 250ms"]),
    Case(
      arguments: "run default --set 'cache.service=lognormal 1ms 700'",
      says: ["`700`", "sigma from 0.0 to 5.0"]),
    Case(
      arguments: "predict --latency 'mix 50% 1ms else pareto 5ms 0'",
      says: ["`0` does not fit", "alpha from 0.5 to 1000.0"]),
    Case(
      arguments: "--theme odd.yaml",
      files: [("odd.yaml", "system: base16\nname: odd\npalette:\n  base00: \"nothing\"\n")],
      says: ["odd.yaml:4:"]),
    Case(arguments: "--theme gone.yaml", says: ["gone.yaml", "No such file"]),
    Case(arguments: "lesson partition-cots", says: ["did you mean 'partition-cost'"]),
    Case(arguments: "verify-lessons nothing", says: ["unknown lesson 'nothing'"]),
    Case(arguments: "bench hodl", says: ["hodl", "did you mean 'hold'"]),
    Case(arguments: "bench hold --size 0", says: ["--size", "1 to"]),
    Case(arguments: "default", says: ["not a terminal"]),
    Case(arguments: "lesson", says: ["not a terminal"]),
  ]

  @Test func badInput_anyOfTheTable_isOneLineAndExit2() {
    for bad in Self.cases {
      let files = bad.files.map { "printf '%s' '\($0.1)' > \($0.0); " }.joined()
      let outcome = Program.shell("\(files)\"$CT\" \(bad.arguments)")
      let context = "clustertop \(bad.arguments): \(outcome.errors)"
      #expect(outcome.code == 2, "\(context)")
      #expect(outcome.output.isEmpty, "\(context)")
      #expect(outcome.errors.hasPrefix("clustertop: "), "\(context)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(context)")
      for text in bad.says { #expect(outcome.errors.contains(text), "\(context)") }
    }
  }

  @Test func badInput_controlCharacters_areShownNotObeyed() {
    let outcome = Program.shell(#""$CT" run "$(printf 'a\033[31mb\ac')""#)
    #expect(outcome.code == 2)
    #expect(!outcome.errors.contains("\u{1b}"))
    #expect(outcome.errors.contains("a\u{241b}[31mb\u{2407}c"))
  }

  @Test func noTerminal_inputIsNone_isRefused() {
    let outcome = Program.shell(#"env TERM=nosuchterm script -qec "$CT" /dev/null </dev/null"#)
    #expect(outcome.code == 2)
    #expect(outcome.output.contains("TERM=nosuchterm is not in the terminal database"))
  }
}
