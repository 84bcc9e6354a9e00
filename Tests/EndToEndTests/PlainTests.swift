import Testing

/// `--plain`, `--probe` and `--print-theme`: the dashboard without its screen.
struct PlainTests {
  /// What is said, a line each, for lines that are typed.
  private static func talk(_ typed: [String], _ arguments: String = "default --seed 1") -> [String]
  {
    let lines = typed.map { $0 + "\n" }.joined()
    let outcome = Program.shell("printf '%s' '\(lines)' | \"$CT\" \(arguments) --plain")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(!outcome.output.contains("\u{1b}"))
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test func plain_saysWhatHappensAsTimePasses() {
    let said = Self.talk(["kill n3", "", "run 5s", "nodes", "back 4s", "quit", "kill n1"])
    #expect(said.contains("00:00.0 You: kill n3."))
    #expect(said.contains { $0.hasPrefix("00:01.0: 7 of 8 nodes up, ") })
    #expect(said.contains { $0.hasSuffix(" all live nodes agree on kill n3 after 3.5 s.") })
    #expect(said.contains { $0.hasPrefix("n3 in east: dead to n1, really killed, ") })
    #expect(said.last?.hasPrefix("00:02.0: 7 of 8 nodes up, ") == true, "\(said.suffix(3))")
  }

  @Test func plain_numbersChooseFromListsThatWereRead() {
    let said = Self.talk(["faults", "3", "3", "2", "run 1s", "faults", "99", "", "7", "kil n2"])
    #expect(said.contains("3: Partition (key P): cut the network in one of several shapes."))
    #expect(said.contains("3: isolate, one node against all others"))
    #expect(said.contains("2: n2, node"))
    #expect(said.contains("00:00.0 You: partition isolate n2."))
    #expect(said.contains("A number from 1 to 30 is expected."))
    #expect(
      said.suffix(3) == [
        "Left the list.",
        "There is no list to choose 7 from; type faults or lessons.",
        "unknown command 'kil'; did you mean 'kill'? Type help.",
      ], "\(said.suffix(4))")
  }

  /// The lesson's own actions, typed, complete it; its progress is kept.
  @Test func plain_aLessonCanBeDone() {
    let said = Self.talk(
      ["1", "answer 0", "hint", "partition halves", "run 20s", "lessons", ""], "lesson")
    #expect(said.contains("1: What a partition costs, 0 of 3 steps done."))
    #expect(said.contains { $0.hasPrefix("Step 1 of 3. Five nodes keep every key") })
    #expect(said.contains("Type answer and a percentage, or skip."))
    #expect(said.contains("Goal: not reachable(n1, n5), not yet, now yes."))
    #expect(said.contains("You were right: 0.0%."))
    #expect(said.contains { $0.hasPrefix("Step 2 of 3. ") })
    #expect(said.contains("4: On both sides") && said.contains("Type a number, or skip."))
    #expect(said.contains("1: What a partition costs, 1 of 3 steps done."))
  }

  @Test func plain_isRecordedAndPlayedAgain() {
    let outcome = Program.shell(
      """
      printf 'kill n3\\nrun 3s\\n' | "$CT" --plain --record r.yaml >/dev/null && "$CT" replay r.yaml --headless
      echo 'run 60s' | "$CT" replay r.yaml --plain | grep recording
      """)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("The end of the recording: state hash "))
  }

  @Test func plain_replayOfAnAlteredRecording_failsAsWithoutAScreen() {
    let outcome = Program.shell(
      """
      printf 'run 2s\\n' | "$CT" --plain --record r.yaml >/dev/null
      sed -i 's/^state_hash: .*/state_hash: "0123456789abcdef"/' r.yaml
      "$CT" replay r.yaml --headless >/dev/null; echo $?
      echo 'run 60s' | "$CT" replay r.yaml --plain | grep 'not the recording'; echo ${PIPESTATUS[1]}
      """)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "1" && lines.last == "1", "\(outcome.output)\(outcome.errors)")
    #expect(lines.dropFirst().first?.hasPrefix("The replay is not the recording: ") == true)
  }

  /// The recording is saved, and the exit code tells the signal.
  @Test(arguments: [("INT", 130 as Int32), ("TERM", 143), ("HUP", 129)])
  func plain_stopped_keepsItsRecording(_ signal: String, _ code: Int32) {
    let outcome = Program.shell(
      """
      set -m; mkfifo p; "$CT" --plain --record r.yaml < p > said & id=$!
      exec 3> p; echo 'kill n1' >&3
      for i in {1..400}; do grep -q You: said && break; sleep 0.02; done
      kill -\(signal) $id; wait $id; code=$?; grep -c kill r.yaml; exit $code
      """)
    #expect(outcome.code == code && outcome.output == "1\n", "\(signal): \(outcome)")
  }

  @Test func probe_saysWhatTheTerminalCanDo() {
    let probe = Program.shell(
      "COLORTERM=truecolor \"$CT\" --probe; LC_ALL=C TERM=vt100 \"$CT\" --probe; TERM=xterm \"$CT\" --probe"
    )
    #expect(probe.code == 0 && probe.errors.isEmpty)
    for text in [
      "TERM        xterm-256color", "COLORTERM   truecolor", "locale      UTF-8",
      "colours     none: ", "locale      not UTF-8, so only ASCII is sent",
      "colours     8, as TERM says", "standard output is no terminal",
    ] { #expect(probe.output.contains(text), "\(text): \(probe.output)") }
    #expect(!probe.output.contains("\u{1b}"))
    let ascii = Program.shell("LC_ALL=C TERM=vt100 \"$CT\" --probe").output
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
    let onTerminal = Program.shell(#"script -qec "$CT --probe" /dev/null </dev/null"#)
    #expect(
      onTerminal.output.contains("\u{1b}[48;5;16m") && onTerminal.output.contains("\u{1b}[1mbold"))
    let hostile = Program.shell(#"COLORTERM=$(printf 'a\033[31mb') "$CT" --probe"#)
    #expect(hostile.output.contains("COLORTERM   a\u{241b}[31mb\n"))
    let mono = Program.shell(#"NO_COLOR=1 script -qec "$CT --probe" /dev/null </dev/null"#)
    #expect(mono.output.contains("colours     none") && !mono.output.contains("\u{1b}"))
    let unknown = Program.shell("TERM=nosuchterm \"$CT\" --probe")
    #expect(unknown.code == 2 && unknown.output.isEmpty)
  }

  @Test func printedTheme_isOneThatTheProgramTakes() {
    let outcome = Program.shell(
      """
      "$CT" --print-theme --theme nord > mine.yaml && "$CT" --print-theme --theme ./mine.yaml | cmp - mine.yaml
      """)
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
  }
}
