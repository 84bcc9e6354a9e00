import Testing

/// Files that commands write: whole or not at all, through links, and into what is no file.
struct OutputFileTests {
  private static let run = #""$CT" run default --for 1s --seed 3 "#

  @Test func file_behindLinks_isWrittenAndTheLinksStay() {
    let outcome = Program.shell(
      """
      mkdir a b; echo old > b/log; chmod 600 b/log
      ln -s ../b/log a/one; ln -s one a/two; ln -s "$PWD/b/new" three; ln -s four four
      \(Self.run) --trace a/two --metrics three >/dev/null || exit 9
      find . -type l | sort; head -c 5 b/log; echo; stat -c %a b/log
      head -c 2 b/new; ls b; \(Self.run) --trace four
      """)
    #expect(
      outcome.output == """
        ./a/one
        ./a/two
        ./four
        ./three
        user:
        600
        # log
        new

        """, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.code == 2)
    #expect(outcome.errors == "clustertop: four: Too many levels of symbolic links\n")
  }

  @Test func dash_isStandardOutputInsteadOfTheReport() {
    for option in ["events", "metrics", "trace", "history"] {
      let outcome = Program.shell(
        "\(Self.run) --\(option) f >/dev/null && \(Self.run) --\(option) - | cmp - f && ls; "
          + "\(Self.run) --\(option) ./- >/dev/null && cmp ./- f")
      #expect(outcome.code == 0, "\(option): \(outcome.output)\(outcome.errors)")
      #expect(outcome.output == "err\nf\nout\nscript\n", "\(option)")
    }
    let recording = Program.shell(
      """
      cat > r.yaml <<'END'
      for: 1s
      state_hash: "0123456789abcdef"
      events: 10
      END
      "$CT" replay r.yaml --headless --metrics -; echo $?; "$CT" replay r.yaml --metrics m
      """)
    #expect(recording.output.hasPrefix("# ") && recording.output.hasSuffix("# EOF\n1\n"))
    #expect(recording.code == 2 && recording.errors.contains("write --headless with it"))
    #expect(recording.errors.hasPrefix("clustertop: the replay is not the recording: state hash "))
  }

  @Test func dash_thatMakesNoSense_isRefused() {
    for (arguments, says) in [
      (
        "run default --events - --trace -",
        "--events and --trace cannot both write to standard output"
      ),
      ("run default --history h --metrics h", "--history and --metrics cannot both write to h"),
      ("default --record -", "--record: - would be standard output, where the screen is"),
      (
        "run default --history - --trace /dev/stdout",
        "--history and --trace cannot both write to standard output"
      ),
      (
        "run default --metrics /proc/self/fd/1 --events /dev/stdout",
        "--events and --metrics cannot both write to standard output"
      ),
      ("run default --history x --events ./x", "--history and --events cannot both write to ./x"),
      ("run default --history $PWD/x --trace x", "--history and --trace cannot both write to x"),
      (
        "default --plain --record /dev/stdout",
        "--record: /dev/stdout would be standard output, where the screen is; name a file\n"
      ),
    ] {
      let outcome = Program.shell("\"$CT\" \(arguments); code=$?; ls; exit $code")
      #expect(outcome.code == 2 && outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
      #expect(outcome.output == "err\nout\nscript\n")
    }
  }

  @Test func emptyName_isRefusedAtOnce() {
    for (command, option) in [
      ("--plain", "record"), ("run default", "history"), ("run default", "metrics"),
      ("replay none.yaml --headless", "metrics"),
    ] {
      let outcome = Program.run("\(command) --\(option) ''")
      #expect(outcome.code == 2 && outcome.output.isEmpty)
      #expect(outcome.errors == "clustertop: --\(option): the name of a file is expected\n")
    }
  }

  /// Links to one file are one file; the same for links to its folder.
  @Test func links_toOnePlace_areRefusedTogether() {
    let outcome = Program.shell(
      """
      mkdir d; ln -s d e; ln -s d/x l
      for pair in "l d/x" "d/x e/x" "l e/../d/x"; do
        set -- $pair; \(Self.run) --events "$1" --metrics "$2" >/dev/null && exit 9
      done
      ls d; \(Self.run) --events /dev/null --metrics /dev/../dev/null --trace d/y >/dev/null
      """)
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("--events and --metrics cannot") })
  }

  /// What is open already is written at its place, after what stands there and before what follows.
  @Test func devices_pipesAndDescriptors_areWrittenDirectly() {
    let outcome = Program.shell(
      """
      \(Self.run) --trace f > report || exit 1
      { echo first; \(Self.run) --trace /dev/stdout; echo last; } > all || exit 2
      { echo first; cat f; echo last; } | cmp - all || exit 3
      \(Self.run) --trace /dev/fd/1 | cat > piped; cmp f piped || exit 4
      \(Self.run) --trace /dev/null | cmp - report || exit 5
      mkfifo p; cat p > read & \(Self.run) --trace p >/dev/null; wait; cmp read f || exit 6
      \(Self.run) --trace /dev/fd/3 3> three >/dev/null; cmp three f || exit 7
      ln -s /dev/stdout s; \(Self.run) --trace s > linked; cmp f linked || exit 8
      [ -p p ] && [ -c /dev/null ] && ls *.part
      """)
    #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.code) \(outcome.errors)")
    #expect(outcome.errors.hasPrefix("ls: "), "\(outcome.errors)")
  }
}
