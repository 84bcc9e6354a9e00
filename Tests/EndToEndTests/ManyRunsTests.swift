import Testing

/// `compare`, `sweep`, `merge` and `replay` as they are typed.
struct ManyRunsTests {
  @Test func sweep_shardsAndJobs_mergeToTheSameBytes() {
    let sweep =
      "\"$CT\" sweep default --for 300ms --seeds 1-3 --vary storage.r=1,2 --set workload.rate=50"
    let outcome = Program.shell(
      """
      \(sweep) --jobs 1 > whole; \(sweep) --jobs 3 > again; cmp whole again || exit 91
      for i in 1 2 3 4; do \(sweep) --shard $i/4 > s$i; done
      "$CT" merge s3 s1 s4 s2 > merged; cmp whole merged || exit 92
      wc -l < whole; "$CT" merge s1 s2 s3; echo $?
      """)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "7\n2\n")
    #expect(outcome.errors == "clustertop: merge: missing shards: 4/4\n")
  }

  @Test func compare_textAndJSON_showTheDifference() {
    let text = Program.run("compare partition --for 2s --set storage.r=3 --vs storage.r=1")
    #expect(text.code == 0, "\(text.errors)")
    #expect(text.output.contains("  left:  storage.r=3"))
    #expect(text.output.contains("clients.latency_ms.read.p50"))
    let json = Program.run("compare partition --for 1s --vs storage.r=1 --format json")
    #expect(json.output.hasPrefix(#"{"scenario": "partition", "seed": 1, "#))
    #expect(json.output.contains(#""left": {"set": [], "state_hash": ""#))
    #expect(Program.run("compare partition").code == 2)
    #expect(Program.run("compare partition --vs storage.r=1 --vary storage.r=1,2").code == 2)
    let wrong = Program.run("compare partition --vary storage.engine=raft,paxos")
    #expect(wrong.code == 2 && wrong.errors.contains("--vary storage.engine=paxos"))
  }

  /// Any number of settings: as text, for a document, and whole.
  @Test func compare_severalEngines_haveAColumnEach() {
    let start = "compare partition --for 2s --vary storage.engine=leaderless,multi-primary,raft"
    let text = Program.run(start)
    #expect(text.code == 0, "\(text.errors)")
    let head = text.output.split(separator: "\n").dropFirst().first ?? ""
    #expect(
      head.split(separator: " ") == ["leaderless", "multi-primary", "raft"], "\(text.output)")
    let table = Program.run("\(start) --format md")
    #expect(table.output.contains("| `leaderless` | `multi-primary` | `raft` |\n|---|--:|--:|--:|"))
    let json = Program.run("\(start) --format json")
    #expect(json.output.contains(#""variants": [{"set": {"storage.engine": "leaderless"}"#))
  }

  /// A session in a terminal, replayed in another process: to the same state.
  @Test func record_aSession_replaysHeadless() {
    let screen = TmuxScreen(100, 30)
    screen.start("default --seed 4 --record r.yaml --speed 4")
    screen.wait("?Help")
    screen.type("K")
    screen.wait("killed")
    screen.type(":set storage.r 1\n")
    screen.type("RP\n")
    screen.wait("partition halves")
    screen.type("q")
    screen.wait("READY.")
    let folder = screen.folder.path
    let replay = Program.shell("\"$CT\" replay \(folder)/r.yaml --headless")
    #expect(replay.code == 0, "\(replay.output)\(replay.errors)")
    #expect(replay.output.contains("matches the recording"))
    let saved = Program.shell(
      "\"$CT\" replay \(folder)/.local/state/clustertop/recording-*.yaml --headless --format json")
    #expect(saved.code == 0, "\(saved.output)\(saved.errors)")
    #expect(saved.output.contains(#""matches": true"#))
    let changed = Program.shell(
      "sed 's/seed: 4/seed: 5/' \(folder)/r.yaml > c.yaml; \"$CT\" replay c.yaml --headless")
    #expect(changed.code == 1)
    #expect(changed.output.contains("DOES NOT MATCH"))
    let plain = Program.run("replay default --headless")
    #expect(plain.code == 2 && plain.errors.contains("is no recording"))
  }

  @Test func run_filesBesideTheReport_areWhole() {
    let outcome = Program.shell(
      """
      "$CT" run kill-one --for 25s --set workload.rate=40 --events e --metrics m --trace t >/dev/null
      head -c 80 e; tail -1 m; wc -l < t; "$CT" cache t --policy lru --size 50 | head -1; ls
      """)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix(#"{"time": "#))
    #expect(outcome.output.contains("\n# EOF\n") || outcome.output.contains("# EOF\n"))
    #expect(outcome.output.hasSuffix("e\nerr\nm\nout\nscript\nt\n"), "\(outcome.output)")
  }
}
