import Glibc
import Testing

/// Files that may come from anybody: each is refused in one line with its place, soon, and without
/// taking memory, by every command that reads such a file.
struct HostileFileTests {
  private struct Case {
    let name: String
    /// Shell that makes the file `f`.
    let make: String
    /// What the line must contain, where the reader of scenarios refuses it.
    let says: String
  }

  private static let cases = [
    Case(name: "100 MB", make: "head -c 100000000 /dev/zero | tr '\\0' 'a' > f", says: "1024 KiB"),
    Case(
      name: "random bytes",
      make: "head -c 50000 '\(Program.path)' | tail -c 40000 > f", says: "f:1:1"),
    Case(
      name: "deep lists", make: "head -c 100000 /dev/zero | tr '\\0' '[' > f",
      says: "nested deeper than 32 levels"),
    Case(
      name: "deep blocks",
      make: "awk 'BEGIN { for (i = 0; i < 200; i++) { printf \"%*sa:\\n\", i, \"\" } }' > f",
      says: "nested deeper than 32 levels"),
    Case(
      name: "aliases",
      make: "printf 'a: &a [x, x]\\nb: &b [*a, *a]\\nc: &c [*b, *b]\\n' > f",
      says: "f:1:4: anchors (`&name`) are not read"),
    Case(
      name: "many values", make: "{ echo 'actions:'; yes -- '- 1' | head -n 100000; } > f",
      says: "more than 20000 values"),
    Case(
      name: "long text", make: "{ printf 'name: '; head -c 9000 /dev/zero | tr '\\0' 'n'; } > f",
      says: "f:1:7: a text longer than 4096 bytes"),
    Case(
      name: "escape in a name",
      make: #"printf 'cluster: {nodes: [{name: "n\\e[31m", location: a}]}' > f"#,
      says: "n\u{241b}[31m"),
    Case(name: "raw escape", make: #"printf 'name: a\033[2Jb\n' > f"#, says: "f:1:8"),
    Case(name: "unknown key", make: "printf 'storrage: {n: 3}\\n' > f", says: "f:1:1"),
    Case(name: "wrong unit", make: "printf 'storage: {timeout: 3h}\\n' > f", says: "f:1:20"),
    Case(name: "too far", make: "printf 'for: 99999999999s\\n' > f", says: "f:1:6"),
    Case(name: "two documents", make: "printf 'name: a\\n---\\nname: b\\n' > f", says: "f:"),
    Case(name: "nothing", make: ": > f", says: "is empty"),
    Case(name: "no end", make: "ln -s /dev/zero f", says: "f"),
  ]

  /// Within 2 s of processor time and 400 MB of addresses, by the shell's limits.
  @Test func file_anyOfTheTable_isRefusedSoonAndSmall() {
    for bad in Self.cases {
      let outcome = Program.shell(
        "\(bad.make); ulimit -t 2 -v 400000; exec \"$CT\" run ./f --for 1s")
      let context = "\(bad.name): exit \(outcome.code): \(outcome.errors)"
      #expect(outcome.code == 2, "\(context)")
      #expect(outcome.output.isEmpty, "\(context)")
      #expect(outcome.errors.hasPrefix("clustertop: ./f"), "\(context)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(context)")
      #expect(!outcome.errors.contains("\u{1b}"), "\(context)")
      #expect(outcome.errors.contains(bad.says), "\(context)")
    }
  }

  /// The same files for the commands that read other forms: never a trap, never a hang.
  @Test func file_anyOfTheTable_isRefusedByTheOthers() {
    for bad in Self.cases where bad.name != "no end" {
      for command in ["check ./f", "merge ./f", "replay ./f --headless", "--theme ./f"] {
        let outcome = Program.shell("\(bad.make); ulimit -t 5 -v 400000; exec \"$CT\" \(command)")
        let context = "\(command), \(bad.name): exit \(outcome.code): \(outcome.errors.prefix(300))"
        #expect(outcome.code == 2, "\(context)")
        #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(context)")
        #expect(!outcome.errors.contains("\u{1b}"), "\(context)")
      }
    }
  }
}
