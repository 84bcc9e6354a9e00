import Testing

/// Signals without a screen: nothing half-written stays, and the exit code tells which it was.
struct SignalTests {
  /// A run that is under way: its first lines of history are on disk.
  private static let begun = """
    set -m; "$CT" run default --for 3600s --history h >said & id=$!
    for i in {1..1000}; do [ -s h.$id.part ] && break; sleep 0.02; done

    """

  @Test func run_hungUp_leavesNothing() {
    for (signal, code) in [("HUP", 129), ("TERM", 143), ("INT", 130)] {
      let outcome = Program.shell(
        "\(Self.begun)kill -\(signal) $id; wait $id; code=$?; ls; exit $code")
      #expect(outcome.code == code && outcome.errors.isEmpty, "\(signal): \(outcome)")
      #expect(outcome.output == "err\nout\nsaid\nscript\n", "\(signal)")
    }
    let nohup = Program.shell(
      "trap '' HUP; \(Self.begun)kill -HUP $id; sleep 0.2; kill -TERM $id; wait $id")
    #expect(nohup.code == 143, "\(nohup)")
  }

  @Test func run_whoseReaderLeaves_leavesNothingAndSaysNothing() {
    let outcome = Program.shell(
      """
      "$CT" run default --for 3600s --history - --trace t | head -1 >f; echo ${PIPESTATUS[0]}; ls
      """)
    #expect(outcome.output == "141\nerr\nf\nout\nscript\n", "\(outcome)")
    #expect(outcome.errors.isEmpty)
  }

  /// QUIT is the user's wish and no crash.
  @Test func run_quit_endsWithoutACrashReport() {
    let outcome = Program.shell("ulimit -c 0\n\(Self.begun)kill -QUIT $id; wait $id")
    #expect(outcome.code == 131, "\(outcome)")
    #expect(!outcome.errors.contains("rash"), "\(outcome.errors)")
  }

  @Test func run_fileAtTheLimitOfSizes_saysSo() {
    let outcome = Program.shell(
      #"(ulimit -f 64; exec "$CT" run default --for 60s --history h); code=$?; ls; exit $code"#)
    #expect(outcome.code == 2 && outcome.output == "err\nout\nscript\n", "\(outcome)")
    #expect(outcome.errors == "clustertop: h: File too large\n")
  }

  /// One key whose search takes long: thousands of writes at once.
  @Test func check_inTheSearchOfOneKey_stopsAtTheFirstSignal() {
    let make = """
      seq 4000 | sed 's/.*/{"process":&,"type":"invoke","f":"write","key":"k","value":&,"time":1}/' > h
      seq 4000 | sed 's/.*/{"process":&,"type":"ok","f":"write","key":"k","value":&,"time":2}/' >> h
      set -m; "$CT" check h & id=$!; sleep 2

      """
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
      let outcome = Program.shell(
        "\(make)kill -0 $id || exit 9; kill -\(signal) $id; SECONDS=0; wait $id; code=$?; "
          + "echo $((SECONDS < 8)); exit $code")
      #expect(outcome.code == code && outcome.output == "1\n", "\(signal): \(outcome)")
    }
  }

  @Test func pipe_thatNobodyWritesTo_isLeftBySignal() {
    for command in ["ring --nodes a,b --keys", "check", "run"] {
      for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let outcome = Program.shell(
          """
          set -m; mkfifo p; "$CT" \(command) p & id=$!
          sleep 0.3; kill -\(signal) $id; wait $id
          """)
        // What the shell tells of a job that a signal ended is not ours.
        #expect(outcome.code == code, "\(command): \(outcome)")
        #expect(!outcome.errors.contains("clustertop: "), "\(command): \(outcome)")
      }
    }
  }

  @Test func pipe_whoseWriterComesLater_isRead() {
    let outcome = Program.shell(
      """
      mkfifo p; (sleep 0.5; echo 'name: late'; sleep 0.2; echo 'for: 1s') > p &
      "$CT" run p --format json
      """)
    #expect(outcome.code == 0 && outcome.output.hasPrefix(#"{"scenario": "late""#), "\(outcome)")
  }
}
