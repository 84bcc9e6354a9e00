import Testing

/// Histories that may come from anybody: each is refused in one line with its place, soon, and within
/// a bound of memory that does not hang on the size of the file.
struct HostileHistoryTests {
  private struct Case {
    let name: String
    /// Shell that makes the file `f`; what is 300 MB has holes, so that it costs nothing to make.
    let make: String
    /// What the line says after `clustertop: ./f:`.
    let says: String
  }

  private static let first =
    #"{"process": 1, "type": "invoke", "f": "write", "key": "a", "value": 1}"#
  private static let ended = #"{"process": 1, "type": "ok", "f": "write", "key": "a", "value": 1}"#

  private static let cases = [
    Case(
      name: "one line of 300 MB",
      make: "printf '{\"process\": 1, \"key\": \"' > f; truncate -s 300M f",
      says: "1:1: more than 1048576 bytes without the end of an operation"),
    Case(
      name: "300 MB after a good line", make: "echo '\(first)' > f; truncate -s 300M f",
      says: "2:1: more than 1048576 bytes without the end of an operation"),
    Case(
      name: "EDN of 300 MB without an end",
      make: "printf '[{:process 1 :type :invoke :f :read :value nil}\n {:process 2 \"' > f; "
        + "truncate -s 300M f",
      says: "2:2: more than 1048576 bytes without the end of an operation"),
    Case(
      name: "300 MB of blanks",
      make: "truncate -s 300M f; tr '\\0' ' ' < f | head -c 3000000 > g; "
        + "mv g f", says: "1:1: more than 1048576 bytes"),
    Case(
      name: "deep JSON",
      make:
        "{ printf '{\"process\": 1, \"more\": '; head -c 200000 /dev/zero | tr '\\0' '['; } > f",
      says: "1:"),
    Case(
      name: "deep EDN",
      make: "{ printf '{:process 1 :more '; head -c 200000 /dev/zero | tr '\\0' '['; "
        + "head -c 200000 /dev/zero | tr '\\0' ']'; echo '}'; } > f", says: "1:"),
    Case(
      name: "random bytes", make: "head -c 200000 '\(Program.path)' | tail -c 150000 > f",
      says: "1:1: this is no history"),
    Case(
      name: "random bytes in line 3",
      make: "{ echo '\(first)'; echo '\(ended)'; head -c 90000 '\(Program.path)'; } > f",
      says: "3:1: "),
    Case(
      name: "cut off", make: "{ echo '\(first)'; printf '{\"process\": 1, \"type\": \"o'; } > f",
      says: "2:"),
    Case(
      name: "a number that is none",
      make: "echo '{\"process\": 99999999999999999999, \"type\": \"invoke\"}' > f", says: "1:13: "),
    Case(
      name: "a wrong end after 20000 operations",
      make: "awk 'BEGIN { for (i = 1; i <= 20000; i++) { "
        + "p = \"{\\\"process\\\": 1, \\\"f\\\": \\\"write\\\", \\\"key\\\": \\\"a\\\", "
        + "\\\"value\\\": \" i \", \\\"type\\\": \\\"\"; "
        + "print p \"invoke\\\"}\"; print p \"ok\\\"}\" } }' > f; echo '\(ended)' >> f",
      says: "40001:1: ok of process 1, which has nothing open"),
  ]

  /// Within 5 s of processor time and 400 MB of addresses (the program alone maps 250 MB).
  @Test func history_anyOfTheTable_isRefusedInOneLineWithItsPlace() {
    for bad in Self.cases {
      let outcome = Program.shell(
        "\(bad.make); ulimit -t 5 -v 400000; exec \"$CT\" check ./f --limit 100000")
      let context = "\(bad.name): exit \(outcome.code): \(outcome.errors.prefix(300))"
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(context)")
      #expect(outcome.errors.hasPrefix("clustertop: ./f:\(bad.says)"), "\(context)")
      #expect(outcome.errors.utf8.count < 500, "\(context)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(context)")
      #expect(!outcome.errors.contains("\u{1b}"), "\(context)")
    }
  }

  /// Cas operations that all overlap and that no order lets all succeed: the search is given up at
  /// the limit, in the memory that the limit allows, and the answer is `unknown`.
  @Test func history_tooHard_isUnknownWithinTheLimit() {
    let outcome = Program.shell(
      """
      awk 'BEGIN {
        x = 1
        for (i = 1; i <= 40; i++) {
          x = (x * 1103 + 12345) % 65536
          from = x % 7
          x = (x * 1103 + 12345) % 65536
          value[i] = "[" from " " x % 7 "]"
          print "{:process " i " :type :invoke :f :cas :value " value[i] "}"
        }
        for (i = 1; i <= 40; i++) print "{:process " i " :type :ok :f :cas :value " value[i] "}"
      }' > f
      ulimit -t 10 -v 400000; exec "$CT" check ./f --limit 200000 --initial 1 --format json
      """)
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix(#"{"linearizable": "unknown", "keys_checked": 0, "#))
  }
}
