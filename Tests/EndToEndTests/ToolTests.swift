import Testing

/// `clustertop ring` and `clustertop cache` as a shell runs them.
struct ToolTests {
  @Test func ring_printsOneLineAKey_withEverythingEscaped() {
    let made = #"printf 'key0\r\n\nkey1\nq"\\\001\302\205\342\202\254\nlast' | "#
    let outcome = Program.shell(made + #""$CT" ring --nodes a,b=2,c=3,d --keys - --format json"#)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    // Owners of key0 and key1 from the second implementation of PlacementTests.
    #expect(lines.count == 4)
    #expect(lines[0] == #"{"key": "key0", "owners": ["c", "a", "b"]}"#)
    #expect(lines[1] == #"{"key": "key1", "owners": ["b", "d", "c"]}"#)
    #expect(lines[2].hasPrefix("{\"key\": \"q\\\"\\\\\\u0001\\u0085€\", \"owners\": ["))
    #expect(lines[3].hasPrefix(#"{"key": "last", "#))
  }

  /// What is wrong in the last line is said before the first is printed, from a pipe as from a file.
  @Test func ring_checksEveryKey_beforeItPrintsAny() {
    let bad = #"{ seq 1 50000; printf 'a\303\251\377b\n'; } > f; "#
    let long = "{ seq 1 50000; head -c 70000 /dev/zero | tr '\\0' x; } > f; "
    for (made, says) in [
      (bad, ":50001:3: the byte 0xFF is not UTF-8 text"), (long, ":50001:1: a line of more than"),
    ] {
      for (input, name) in [
        ("f", "f"), ("- < f", "standard input"), ("- < <(cat f)", "standard input"),
      ] {
        for form in ["json", "text"] {
          let outcome = Program.shell(
            made + #""$CT" ring --nodes a,b --format \#(form) --keys "# + input)
          #expect(outcome.code == 2 && outcome.output.isEmpty, "\(input) \(form)")
          #expect(outcome.errors.hasPrefix("clustertop: \(name)\(says)"), "\(outcome.errors)")
          #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
        }
      }
    }
    // Of standard input only what had not been read is placed, from wherever it comes.
    let rest = Program.shell(
      #"seq 1 9 > f; { read -r x; "$CT" ring --nodes a --format json --keys -; } < f; ls"#)
    #expect(rest.code == 0 && rest.output.hasPrefix(#"{"key": "2", "#), "\(rest.output)")
    let piped = Program.shell(
      #"mkdir t; seq 1 99999 | TMPDIR=$PWD/t "$CT" ring --nodes a --format json --keys - | wc -l; ls t"#
    )
    #expect(piped.output == "99999\n", "nothing of what was kept is left: \(piped.output)")
    let nowhere = Program.shell(#"seq 1 9 | TMPDIR=/nowhere "$CT" ring --nodes a --keys -"#)
    #expect(
      nowhere.code == 2 && nowhere.errors.contains("standard input: cannot be kept in /nowhere"))
  }

  @Test func ring_showsDifferentKeysDifferently() {
    let outcome = Program.shell(
      #"printf '\001\n\\u{1}\n\342\220\201\n\302\200\n\302\201\na\tb\n' | "$CT" ring --nodes a --keys - "#
    )
    let shown = outcome.output.split(separator: "\n").prefix(6).map { $0.split(separator: "\t")[0] }
    #expect(
      shown == [
        #"\u{1}"#, #"\\u{1}"#, "\u{2401}", #"\u{80}"#, #"\u{81}"#, #"a\u{9}b"#,
      ], "\(outcome.output)\(outcome.errors)")
  }

  /// Keys of a trace are never printed: any bytes will do, and two of them differ where a byte does.
  @Test func cache_countsKeysByTheirBytes() {
    let outcome = Program.shell(
      #"printf '\377\n\376\n\377\n\357\277\275\n' | "$CT" cache --policy lru --size 9 --bits -"#)
    #expect(outcome.output == "MMHM\n" && outcome.code == 0, "\(outcome.errors)")
  }

  @Test func ring_listsAllNodes_whereMoreReplicasAreAsked() {
    let outcome = Program.shell(
      #"echo key0 | "$CT" ring --nodes a,b --replicas 9 --scheme modulo --keys -"#)
    let words = outcome.output.split(separator: "\n")[0].split { $0 == "\t" || $0 == " " }
    #expect(words.count == 3 && words[0] == "key0" && Set(words[1...]) == ["a", "b"])
  }

  @Test func ring_reportsWhatMoves() {
    let keys = "seq 1 20000 | "
    let join = #""$CT" ring --nodes a,b,c,d --join e --format json --keys - | tail -n 1"#
    let outcome = Program.shell(keys + join)
    #expect(outcome.output.hasPrefix(#"{"moves": {"join": ["e"], "leave": [], "keys": 20000, "#))
    #expect(outcome.output.contains(#""expected_share": 0.19999999999999996, "#))
    #expect(outcome.output.contains(#""between_old_nodes": 0, "#))
    let shares = Program.run("ring --nodes a,b,c,d --leave b")
    let line = shares.output.split(separator: "\n").first { $0.hasPrefix("between") }
    #expect(shares.code == 0)
    #expect(
      line?.split(separator: " ") == ["between", "nodes", "that", "stay", "0", "0.00", "%"])
  }

  @Test func ring_keepsBounds() {
    let outcome = Program.shell(#"seq 1 4000 | "$CT" ring --nodes a,b,c,d --bound 1.02 --keys -"#)
    let rows = outcome.output.split(separator: "\n").suffix(5).dropLast()
    for row in rows {
      let cells = row.split(separator: " ")
      // ceil(1.02 * 4000 / 4)
      #expect(cells.last == "1020" && Int(cells[cells.count - 3])! <= 1020)
    }
    #expect(rows.count == 4)
  }

  /// A key that comes a second time stays where it is and takes no place: 40 different keys on 4000
  /// lines have the owners that they have on 40, and every node at most ceil(1.1 * 40 / 4).
  @Test func ring_boundsCountDifferentKeys() {
    let ring = #""$CT" ring --nodes a,b,c,d --bound 1.1 --join e --format "#
    let often = #"for i in {1..100}; do seq 1 40; done | "#
    let once = Program.shell("seq 1 40 | " + ring + "json --keys -")
    let many = Program.shell(often + ring + "json --keys -")
    let keyLines = once.output.split(separator: "\n").dropLast()
    #expect(keyLines.count == 40)
    #expect(
      many.output
        == (Array(repeating: keyLines, count: 100).flatMap { $0 }.joined(separator: "\n")
          + "\n" + once.output.split(separator: "\n").last! + "\n"))
    let text = Program.shell(often + ring + "text --keys -").output
    #expect(text.contains(", 40 different keys on 4000 lines\n"))
    let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
      .filter { $0.count > 4 && ["a", "b", "c", "d"].contains($0[0]) && $0.last == "11" }
    #expect(
      rows.count == 4 && rows.allSatisfy { Int($0[$0.count - 3])! <= 11 }, "\(text.suffix(900))")
    #expect(rows.reduce(0) { $0 + Int($1[$1.count - 3])! } == 40)
    #expect(text.contains("of 40 keys"))
  }

  /// Belady's anomaly, from the textbook: 12 requests.
  @Test func cache_countsAsInTheTextbook() {
    let trace = #"printf '1\n2\n3\n4\n1\n2\n5\n1\n2\n3\n4\n5\n' | "$CT" cache "#
    let bits = Program.shell(trace + "--policy fifo --size 3 --bits -")
    #expect(bits.output == "MMMMMMMHHMMH\n")
    let table = Program.shell(trace + "--policy fifo,lru,opt --size 3,4 --format json -")
    for (policy, size, hits, best) in [
      ("fifo", 3, 3, 5), ("lru", 3, 2, 5), ("opt", 3, 5, 5), ("fifo", 4, 2, 6), ("lru", 4, 4, 6),
      ("opt", 4, 6, 6),
    ] {
      #expect(
        table.output.contains(
          "{\"policy\": \"\(policy)\", \"size\": \(size), \"hits\": \(hits), \"misses\": \(12 - hits), "
        ))
      #expect(table.output.contains(#""optimum_hits": \#(best), "#))
    }
    #expect(table.output.split(separator: "\n").count == 1)
    let empty = Program.shell(#""$CT" cache --size 3 --bits --policy lru - </dev/null"#)
    #expect(empty.output == "\n" && empty.code == 0)
  }

  @Test func whatCannotBeUsed_isRefusedInOneLine() {
    for (arguments, says) in [
      ("ring", "--nodes is missing"), ("ring --nodes a,b,a", "a is there twice"),
      ("ring --nodes ''", "without a name"), ("ring --nodes a=0", "from 1 to 64"),
      ("ring --nodes a=65", "from 1 to 64"), ("ring --nodes a --scheme rign", "'ring'"),
      ("ring --nodes a --keys gone.txt", "gone.txt: No such file"),
      ("ring --nodes a --keys .", "is a folder"),
      ("ring --nodes a --keys - <&-", "standard input"),
      ("ring --nodes a,b --leave c", "unknown node 'c'"),
      ("ring --nodes a,b --leave a,b", "nobody would be left"),
      ("ring --nodes a,b --join b", "--join: node b is there twice"),
      ("ring --nodes a --scheme jump --bound 2 --keys -", "--scheme ring"),
      ("ring --nodes a --bound 2", "--keys FILE"), ("ring --nodes 'a b'", "is no name"),
      ("cache --size 3", "TRACE is missing"), ("cache -", "--size is missing"),
      ("cache --size 1,x -", "'x' is not a whole number"), ("cache --size 3 gone", "No such file"),
      ("cache --size 3 --policy lfo -", "did you mean"),
      ("cache --size 3 --bits -", "one policy and one size"),
      ("cache --size 3,4 --policy lru --bits -", "one policy and one size"),
      ("cache --size 3 --policy lru --bits --format json -", "exclude each other"),
    ] {
      let outcome = Program.run(arguments)
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments)")
      #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
    }
    let long = Program.shell(
      #"head -c 70000 /dev/zero | tr '\0' x | "$CT" ring --nodes a --keys -"#)
    #expect(long.code == 2 && long.errors.contains("standard input:1:1: a line of more than 65536"))
  }
}
