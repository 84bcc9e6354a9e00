import Testing

/// `clustertop check` and `clustertop predict` as a shell runs them.
struct CheckTests {
  /// The minimal cases of shared/facts.md section 6, each with the same events in both formats.
  @Test func check_minimalCases_inBothFormats_exitAsTheyShould() {
    // Process, type, function, value, and the time of the event.
    let legal =
      "1 invoke write 100 0|2 invoke read nil 25|3 invoke read nil 30|3 ok read 0 60|"
      + "2 ok read 100 75|1 ok write 100 100"
    let stale =
      "1 invoke write 200 0|2 invoke read nil 10|2 ok read 200 30|3 invoke read nil 40|"
      + "3 ok read 0 90|1 ok write 200 100"
    for (events, answer, code) in [(legal, "yes", 0), (stale, "no", 1)] {
      let words = events.split(separator: "|").map { $0.split(separator: " ") }
      let edn = words.map {
        "{:process \($0[0]), :type :\($0[1]), :f :\($0[2]), :value \($0[3]), :time \($0[4])}"
      }
      let json = words.map {
        "{\"process\": \($0[0]), \"type\": \"\($0[1])\", \"f\": \"\($0[2])\", \"key\": \"\", "
          + "\"value\": \($0[3] == "nil" ? "null" : $0[3]), \"time\": \($0[4])}"
      }
      var verdicts: [String] = []
      for text in [
        edn.joined(separator: "\n"), "[" + edn.joined(separator: " ") + "]",
        json.joined(separator: "\n"),
      ] {
        let outcome = Program.shell(
          "cat > h <<'END'\n\(text)\nEND\n\"$CT\" check --initial 0 --format json h")
        #expect(outcome.code == code && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("{\"linearizable\": \"\(answer)\", \"keys_checked\": 1, "))
        // Which line an operation is on differs between the forms.
        verdicts.append(outcome.output.replacing(#/"line": \d+/#, with: ""))
      }
      #expect(Set(verdicts).count == 1)
    }
  }

  @Test func check_standardInputAndOptions() {
    let cas = """
      {:process 0 :type :invoke :f :cas :value [1 2]}
      {:process 0 :type :fail :f :cas :value [1 2]}
      {:process 0 :type :invoke :f :read :value nil}
      {:process 0 :type :ok :f :read :value nil}
      """
    func code(_ options: String) -> Int32 {
      Program.shell("\"$CT\" check - \(options) <<'END'\n\(cas)\nEND").code
    }
    #expect(code("") == 0)
    #expect(code("--initial 1") == 1)
    #expect(code("--initial 1 --nil-read any") == 0)
    #expect(code("--initial 1 --nil-read any --failed-cas observed") == 1)
    #expect(code("--initial 3 --nil-read any --failed-cas observed") == 0)
    #expect(code("--model register") == 2)
    #expect(code("--limit 0") == 2)
  }

  @Test func check_limit_isUnknownAndExits2() {
    let events = (1...20).map {
      "{:process 1 :type :invoke :f :write :value \($0)}\n"
        + "{:process 1 :type :ok :f :write :value \($0)}"
    }.joined(separator: "\n")
    let outcome = Program.shell(
      "\"$CT\" check - --limit 5 --format json <<'END'\n\(events)\nEND")
    #expect(outcome.code == 2)
    #expect(outcome.output.hasPrefix(#"{"linearizable": "unknown", "keys_checked": 0, "#))
  }

  @Test func check_unusableFiles_exit2WithTheirPlace() {
    let outcome = Program.shell(
      #"printf '{"process": 1, "type": "invoke", "f": "read", "key": "a"}\n{"process": }\n' > h"#
        + "\n\"$CT\" check h")
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("h:2:13: `}` does not fit; expected a whole number"))
    let huge = Program.shell(
      "head -c 3000000 /dev/zero | tr '\\0' '[' | sed 's/^/{:x /' | \"$CT\" check -")
    #expect(huge.code == 2 && huge.errors.contains("standard input:1:1: more than 1048576 bytes"))
    #expect(Program.run("check .").errors.contains("folder"))
  }

  @Test func check_ownHistory_isReadAsItWasWritten() {
    let outcome = Program.shell(
      "\"$CT\" run default --for 5s --set storage.r=2 --set storage.w=2 "
        + "--set storage.quorum=strict --set cache.enabled=false --history h >/dev/null\n"
        + "\"$CT\" check h --format json; echo; cmp <(\"$CT\" check h) <(\"$CT\" check - <h)")
    // Strict quorums that overlap: no stale read, though R + W > N alone is not linearizable.
    #expect(outcome.output.contains(#""read_your_writes": "yes""#), "\(outcome.errors)")
    #expect(outcome.code == 0)
  }

  @Test func predict_printsTheShapeOfTheIssue_andRepeats() {
    let command = "predict --n 3 --r 1 --w 1 --latency lnkd-ssd --t 0,5 --trials 50000 --seed 3"
    let first = Program.run(command + " --format json")
    #expect(first.code == 0 && first.output == Program.run(command + " --format json").output)
    let shape = first.output.replacing(#/\d+(\.\d+)?(e-\d+)?/#, with: "0")
    #expect(
      shape
        == #"{"n": 0, "r": 0, "w": 0, "latency": "lnkd-ssd", "trials": 0, "#
        + #""read_ms": {"p0": 0, "p0": 0, "p0": 0}, "write_ms": {"p0": 0, "p0": 0, "p0": 0}, "#
        + #""consistent": [{"t_ms": 0, "p": 0}, {"t_ms": 0, "p": 0}], "#
        + #""t_ms_for": {"0": 0, "0": 0}, "k_stale": ["#
        + [String](repeating: #"{"k": 0, "p": 0}"#, count: 5).joined(separator: ", ") + "]}\n")
    #expect(first.output.contains(#""t_ms_for": {"0.99": "#))
    #expect(Program.run(command + "4").output != Program.run(command).output)
  }

  @Test func predict_wrongArguments_exit2() {
    for wrong in [
      "--n 0", "--n 3 --r 4", "--w x", "--latency lnkd", "--latency 'pareto 1ms'",
      "--t 0,-1", "--trials 0", "extra",
    ] {
      let outcome = Program.run("predict \(wrong)")
      #expect(outcome.code == 2 && outcome.output.isEmpty && !outcome.errors.isEmpty, "\(wrong)")
    }
    let constant = Program.run("predict --latency 2ms --t 0 --trials 100 --format json")
    #expect(constant.output.contains(#""read_ms": {"p50": 4, "p99": 4, "p999": 4}"#))
    #expect(constant.output.contains(#""consistent": [{"t_ms": 0, "p": 1}]"#))
  }
}
