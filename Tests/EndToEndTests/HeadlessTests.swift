import Glibc
import Testing

/// The commands without a screen.
struct HeadlessTests {
  @Test func run_twice_isEqualToTheByteAndOtherSeedsDiffer() {
    let runs = ["7", "7", "8"].map { Program.run("run partition --seed \($0) --format json") }
    for run in runs {
      #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.hasPrefix(#"{"scenario": "partition", "seed": "#))
      #expect(run.output.filter { $0 == "\n" }.count == 1)
    }
    #expect(runs[0].output == runs[1].output)
    #expect(Self.hash(runs[0].output) != Self.hash(runs[2].output))
  }

  /// A web server and a balancer die and come back: two processes agree to the byte, and the report has
  /// the tier's figures.
  @Test func run_webTierTwice_isEqualToTheByte() {
    let arguments =
      "run web-tier --for 40s --set path.balancer.policy=two-choices --format json"
    let runs = (0..<2).map { _ in Program.run(arguments) }
    #expect(runs[0].code == 0, "objectives of the end are not judged at 40 s")
    #expect(runs[0].output == runs[1].output)
    #expect(runs[0].output.contains(#""path": {"policy": "two-choices", "refused": 0, "#))
    #expect(runs[0].output.contains(#""left_out": 1"#))
    let plain = Program.run("run partition --for 1s --format json")
    #expect(plain.output.contains(#""path": null"#))
  }

  private static func hash(_ json: String) -> Substring {
    json.split(separator: ", ").first { $0.contains("state_hash") } ?? ""
  }

  /// Where the other configuration is built too, both must agree to the last event.
  @Test func run_debugAndRelease_haveTheSameStateHash() {
    let other = "\(Program.package)/.build/release/clustertop"
    guard access(other, X_OK) == 0, !Program.path.contains("/release/") else { return }
    let here = Program.run("run partition --for 30s --seed 7 --format json")
    let there = Program.shell("\(other) run partition --for 30s --seed 7 --format json")
    #expect(there.code == 0)
    // A release build of an older state of the sources proves nothing.
    let newer = Program.shell(
      "find '\(Program.package)/Sources' -name '*.swift' -newer '\(other)'"
    ).output
    if newer.isEmpty { #expect(Self.hash(here.output) == Self.hash(there.output)) }
  }

  @Test func run_objectiveMissed_exits1() {
    func outcome(_ objective: String, _ options: String = "") -> Program.Outcome {
      Program.shell(
        """
        cat > o.yaml <<'END'
        for: 5s
        objectives: ["\(objective)"]
        END
        "$CT" run o.yaml \(options)
        """)
    }
    let met = outcome("availability >= 50%")
    #expect(met.code == 0, "\(met.errors)")
    #expect(met.output.contains("objective met"))
    let missed = outcome("availability < 1%")
    #expect(missed.code == 1, "\(missed.errors)")
    #expect(missed.output.contains("objective MISSED") && missed.errors.isEmpty)
    // Where the figures take the report's place, nothing else tells why.
    let figures = outcome("availability < 1%", "--metrics -")
    #expect(figures.code == 1 && figures.output.hasSuffix("# EOF\n"))
    #expect(figures.errors == "clustertop: objective missed: availability < 1%\n")
  }

  /// The widest distributions, added up and on slowed hosts: no length overflows.
  @Test func run_extremesOfDistributions_goToTheEnd() {
    for jitter in ["pareto 1us 0.5", "lognormal 60s 5"] {
      let outcome = Program.shell(
        """
        cat > wild.yaml <<'END'
        for: 20s
        host: {read_service: pareto 60s 0.5, write_service: lognormal 60s 5, sync_service: pareto 60s 0.5}
        network: {local_jitter: \(jitter), between_jitter: mix 1% pareto 60s 0.5 else \(jitter), loss: 20%}
        cache: {service: pareto 60s 0.5}
        path: {web: {servers: 3, service: pareto 60s 0.5}}
        storage: {fsync: true}
        actions: [{at: 1s, slow: n1 x1000}, {at: 1s, slow: n2 x1000}, {at: 2s, delay: n3 3600s}]
        END
        for engine in leaderless primary-replica multi-primary raft; do
          "$CT" run wild.yaml --set storage.engine=$engine || exit 9
        done
        """)
      #expect(outcome.code == 0, "\(jitter): \(outcome.errors)")
    }
  }

  /// Before its end nobody knows whether a scenario's objectives hold, and what it plans for later has
  /// not been done; both are said, and neither is a failure.
  @Test func run_endsBeforeTheScenario_judgesNothingAndSaysSo() {
    let text = Program.run("run retry-storm --for 10s")
    #expect(text.code == 0, "\(text.errors)")
    #expect(!text.output.contains("MISSED") && !text.output.contains("objective met"))
    #expect(text.output.contains("objective NOT JUDGED: load_factor > 2 ("))
    #expect(text.output.contains(" so far): needs 60s, the run ended at 10s\n"))
    #expect(
      text.output.contains(
        "planned, not reached at 30s: set client.retry_budget 0.1: the run ended at 10s"))
    let json = Program.run("run retry-storm --for 10s --format json")
    #expect(json.code == 0)
    #expect(
      json.output.contains(
        #""met": null, "not_judged": "needs 60s, the run ended at 10s"}"#))
    #expect(json.output.contains(#""reason": "not reached: the run ended at 10s"}"#))
    let sweep = Program.run("sweep retry-storm --for 10s --seeds 1-2")
    #expect(sweep.code == 0 && sweep.output.contains(#""holds": null, "#))
    #expect(sweep.output.contains(#""runs": 2, "judged": 0, "held": 0, "#))
    // One that was met on the way is met whatever comes.
    let met = Program.shell(
      """
      cat > o.yaml <<'END'
      for: 9s
      objectives: [nodes.up = 8 for 1s, nodes.up = 7 for 1s, nodes.up = 8]
      END
      "$CT" run o.yaml --for 5s | grep objective
      """)
    #expect(
      met.output.split(separator: "\n").map { $0.prefix { $0 != ":" } } == [
        "objective met", "objective NOT JUDGED", "objective NOT JUDGED",
      ])
  }

  @Test func history_toFileAndToOutput_isTheSameAndWhole() {
    let file = Program.shell(
      "\"$CT\" run default --for 2s --seed 3 --history h.jsonl > /dev/null && cat h.jsonl && ls")
    let direct = Program.run("run default --for 2s --seed 3 --history -")
    #expect(file.code == 0 && direct.code == 0)
    #expect(direct.output.split(separator: "\n").count > 1000)
    #expect(file.output.hasPrefix(direct.output))
    // Nothing but the history and what the shell wrote is left.
    #expect(file.output.dropFirst(direct.output.count) == "err\nh.jsonl\nout\nscript\n")
    let first = direct.output.split(separator: "\n")[0]
    #expect(first.hasPrefix(#"{"process": 0, "type": "invoke", "f": "#))
  }

  @Test func run_interrupted_exitsBySignalAndLeavesNothing() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
      let outcome = Program.shell(
        """
        set -m; "$CT" run default --for 20000s --history h.jsonl & id=$!
        for i in {1..400}; do ls h.jsonl.*.part >/dev/null 2>&1 && break; sleep 0.02; done
        ls h.jsonl.*.part >/dev/null || exit 98
        kill -\(signal) $id; wait $id; code=$?; ls; exit $code
        """)
      #expect(outcome.code == code, "\(signal): \(outcome.errors)")
      #expect(outcome.output == "err\nout\nscript\n", "\(signal)")
    }
  }

  @Test func scenario_fromStandardInput_isRead() {
    let outcome = Program.shell(
      "printf 'name: piped\\nfor: 1s\\n' | \"$CT\" run - --format json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix(#"{"scenario": "piped", "#))
  }

  @Test func bench_holdTwice_doesTheSameWork() {
    let lines = (0..<2).map { _ in
      Program.run("bench hold --size 100 --operations 20000 --seed 5").output
    }
    #expect(lines[0].hasPrefix(#"{"bench": "hold", "size": 100, "operations": 20000, "#))
    #expect(lines[0].contains(#""operations_per_second": "#))
    #expect(lines[0].contains(#""peak_rss_kb": "#))
    #expect(!Self.hash(lines[0]).isEmpty && Self.hash(lines[0]) == Self.hash(lines[1]))
  }

  @Test func bench_everyName_runsSmall() {
    let small = [
      "gossip --size 10", "quorum --operations 2000", "default --operations 2000",
      "frame --operations 2",
    ]
    for arguments in small {
      let outcome = Program.run("bench \(arguments)")
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
      #expect(outcome.output.hasPrefix(#"{"bench": ""#), "\(arguments): \(outcome.output)")
    }
  }

  @Test func lessons_listed_haveTheirProgress() {
    let text = Program.run("lessons")
    #expect(text.output.hasPrefix("partition-cost  What a partition costs"))
    let done = Program.shell(
      "mkdir -p .local/state/clustertop; echo 'partition-cost 2' > .local/state/clustertop/progress; "
        + "\"$CT\" lessons --format json")
    #expect(done.output.contains(#""steps": 3, "steps_done": 2"#))
  }

  @Test func themes_toAFile_areWithoutColour() {
    let outcome = Program.run("themes")
    #expect(outcome.code == 0)
    #expect(!outcome.output.contains("\u{1b}"))
    for name in ["dark", "light", "mono", "colour-blind-safe"] {
      #expect(
        outcome.output.split(separator: "\n").contains { $0.hasPrefix(name + " ") }, "\(name)")
    }
    #expect(Program.run("themes --color rgb").output.contains("\u{1b}[38;2;"))
  }

  @Test func themes_ownFolder_comesFirst() {
    let outcome = Program.shell(
      """
      mkdir -p .config/clustertop/themes
      cp \(Program.package)/Themes/nord.yaml .config/clustertop/themes/mine.yaml; "$CT" themes
      """)
    #expect(outcome.output.hasPrefix("mine "), "\(outcome.errors)")
  }

  @Test func version_asked_namesTheBuild() {
    let first = Program.run("--version")
    #expect(first.output.hasPrefix("clustertop 0.1.0+"))
    #expect(first.output == Program.run("--version").output)
  }

  @Test func help_ofEveryCommand_isGiven() {
    let all = Program.run("--help")
    #expect(all.code == 0 && all.errors.isEmpty)
    for name in ["lesson", "lessons", "verify-lessons", "run", "themes", "bench"] {
      #expect(all.output.split(separator: "\n").contains { $0.hasPrefix("  \(name) ") }, "\(name)")
      let help = Program.run("\(name) -h")
      #expect(help.code == 0)
      #expect(help.output.hasPrefix("Usage: clustertop \(name)"))
    }
  }
}
