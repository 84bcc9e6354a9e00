import ClusterSim
import Testing

@testable import Scenarios

@Suite struct ActionGrammarTests {
  let names = ActionNames(
    nodes: ["n1", "n2", "n3"], hosts: ["n1", "n2", "n3", "c-east", "c-west"],
    locations: ["east", "west"])

  private func complaint(_ text: String) -> String {
    do throws(LineProblem) {
      return "read as \(try ActionGrammar.parse(text, names: names).text)"
    } catch {
      return "\(error.column): \(error.message)"
    }
  }

  /// What each text means, by the forms in FaultCatalogue and the defaults.
  static let samples: [(text: String, action: Action)] = [
    ("kill n3", .kill(host: "n3")),
    ("kill c-east", .kill(host: "c-east")),
    ("restart n3", .restart(host: "n3")),
    ("partition halves", .partition(.halves)),
    ("partition isolate n2", .partition(.isolate(node: "n2"))),
    ("partition one-way", .partition(.oneWay)),
    ("partition majority-minority", .partition(.majorityMinority)),
    ("partition bridge n2", .partition(.bridge(node: "n2"))),
    ("partition majorities-ring", .partition(.majoritiesRing)),
    ("partition data-centre west", .partition(.dataCentre(location: "west"))),
    ("outage east", .outage(location: "east")),
    ("wipe n2", .wipe(host: "n2")),
    ("skew n2", .skew(host: "n2", offset: .milliseconds(500), drift: 0)),
    ("skew n2 -2s", .skew(host: "n2", offset: .seconds(-2), drift: 0)),
    ("skew n2 0s -50ppm", .skew(host: "n2", offset: .zero, drift: -50e-6)),
    ("delay n2", .delay(host: "n2", by: .milliseconds(200))),
    ("delay c-east 2s", .delay(host: "c-east", by: .seconds(2))),
    ("duplicate n1 50%", .duplicate(host: "n1", share: 0.5)),
    ("reorder n1", .reorder(host: "n1", by: .milliseconds(50))),
    ("heal", .heal(fault: nil)),
    ("heal 12", .heal(fault: 12)),
    ("slow n3", .slow(host: "n3", factor: 10)),
    ("slow n3 x25", .slow(host: "n3", factor: 25)),
    ("slow n3 25", .slow(host: "n3", factor: 25)),
    ("lossy n3", .lossy(host: "n3", share: 0.2)),
    ("lossy n3 7%", .lossy(host: "n3", share: 0.07)),
    ("lossy n3 0.5", .lossy(host: "n3", share: 0.5)),
    ("gray n1", .gray(host: "n1")),
    ("freeze c-west", .freeze(host: "c-west")),
    ("thaw c-west", .thaw(host: "c-west")),
    ("recover n1", .recover(host: "n1")),
    ("cold-cache", .coldCache(location: nil)),
    ("cold-cache west", .coldCache(location: "west")),
    ("burst", .burst(factor: 5, length: .seconds(10))),
    ("burst x2.5 500ms", .burst(factor: 2.5, length: .milliseconds(500))),
    ("hot-key", .hotKey(share: 0.5, length: .seconds(10))),
    ("hot-key 90% 30s", .hotKey(share: 0.9, length: .seconds(30))),
    ("join n9", .join(node: "n9", location: nil, weight: 1)),
    ("join n9 in west weight 2", .join(node: "n9", location: "west", weight: 2)),
    ("decommission n1", .decommission(node: "n1")),
    ("transfer n3", .transfer(node: "n3", group: nil)),
    ("split-shard", .splitShard(shard: nil)),
    ("split-shard 3", .splitShard(shard: 3)),
    ("move-shard", .moveShard(shard: nil, group: nil)),
    ("move-shard group 2", .moveShard(shard: nil, group: 2)),
    ("move-shard 12", .moveShard(shard: 12, group: nil)),
    ("move-shard 12 group 2", .moveShard(shard: 12, group: 2)),
    ("promote n2", .promote(node: "n2", group: nil)),
    ("promote n2 group 3", .promote(node: "n2", group: 3)),
    ("transfer n3 group 2", .transfer(node: "n3", group: 2)),
    ("reshard", .reshard),
    ("split user:1", .split(key: "user:1", copies: 8)),
    ("split user:1 4", .split(key: "user:1", copies: 4)),
    ("set storage.r 1", .set(path: "storage.r", value: "1")),
    ("set storage.r=1", .set(path: "storage.r", value: "1")),
    ("set storage.r = 1", .set(path: "storage.r", value: "1")),
    (
      "set network.local_jitter uniform 1ms 2ms",
      .set(path: "network.local_jitter", value: "uniform 1ms 2ms")
    ),
    ("read user:42", .read(key: "user:42", via: nil)),
    ("read user:42 via n2", .read(key: "user:42", via: "n2")),
    ("write käse via n1", .write(key: "käse", via: "n1")),
    ("  kill\t n3  ", .kill(host: "n3")),
  ]

  @Test func samples_meanWhatTheySay() throws {
    for sample in Self.samples {
      #expect(try ActionGrammar.parse(sample.text, names: names) == sample.action)
    }
  }

  @Test func everyVerb_roundTrips() throws {
    let seen = Set(Self.samples.map { $0.text.split(separator: " ").first.map(String.init) ?? "" })
    for record in FaultCatalogue.all {
      #expect(seen.contains(record.verb), "no sample of '\(record.verb)'")
    }
    for sample in Self.samples {
      let text = sample.action.text
      #expect(try ActionGrammar.parse(text, names: names) == sample.action, "\(text)")
      #expect(try ActionGrammar.parse(text, names: names).text == text)
    }
  }

  @Test func percentages_readAsPeopleWriteThem() throws {
    for percent in 1...100 {
      let action = try ActionGrammar.parse("lossy n1 \(percent)%")
      #expect(action.text == "lossy n1 \(percent)%")
    }
    #expect(try ActionGrammar.parse("lossy n1 0.25%").text == "lossy n1 0.25%")
  }

  @Test func wrongText_isReportedWithColumnAndWhatWouldBeRight() {
    let cases: [(String, String)] = [
      ("kil n3", "1: unknown action 'kil'; did you mean 'kill'?"),
      ("kill", "5: the name of a host is missing; write: kill HOST"),
      ("kill n33", "6: unknown host 'n33'; did you mean 'n3'?"),
      ("kill n3 now", "9: 'now' is one word too many; write: kill HOST"),
      ("  kill n33", "8: unknown host 'n33'; did you mean 'n3'?"),
      ("gray c-east", "6: unknown node 'c-east'; known: n1, n2, n3"),
      ("partition halfs", "11: unknown cut 'halfs'; did you mean 'halves'?"),
      (
        "partition isolate",
        "18: the name of a node is missing; write: partition CUT, "
          + "where CUT is halves, majority-minority, isolate NODE, bridge NODE, majorities-ring, "
          + "one-way or data-centre LOCATION"
      ),
      (
        "heal all",
        "6: 'all' is not the number of a fault, counted from 1, or nothing for all links"
      ),
      ("slow n3 x1", "9: 'x1' is not a factor from x2 to x1000"),
      ("lossy n3 120%", "10: '120%' is not a share from 0% to 100%"),
      ("burst x5 10", "10: '10' is not a length of time up to 3600s, such as 10s or 500ms"),
      ("burst xinf", "7: 'xinf' is not a factor from x0.01 to x1000"),
      ("cold-cache wset", "12: unknown location 'wset'; did you mean 'west'?"),
      ("join n3", "6: 'n3' is there already; a new node needs a new name"),
      ("transfer n3 group 0", "19: '0' is not the number of a group from 1 to 64"),
      ("join n9 weight 99", "16: '99' is not a weight from 1 to 64"),
      (
        "join 9n",
        "6: '9n' is no name of a node; a name has 1 to 24 letters, digits, '-', '_' or '.', beginning with a letter"
      ),
      ("set storage.rr 1", "5: unknown setting 'storage.rr'; did you mean 'storage.r'?"),
      ("set storage.r", "14: a value for storage.r is missing: 1 to 16"),
      ("set storage.r 99", "15: storage.r: '99' is not in its range: 1 to 16"),
      ("set storage.r=99", "15: storage.r: '99' is not in its range: 1 to 16"),
      (
        "set ring.vnodes 3",
        "5: ring.vnodes cannot change while the cluster runs; set it in the scenario or with --set"
      ),
      ("read", "5: a key is missing; write: read KEY [via NODE]"),
      ("read k at n1", "8: 'at' is one word too many; write: read KEY [via NODE]"),
      (
        "kill \u{1b}[2J",
        "6: '␛[2J' is no name of a host; a name has 1 to 24 letters, digits, '-', '_' or '.', beginning with a letter"
      ),
    ]
    for (text, expected) in cases { #expect(complaint(text) == expected) }
    #expect(complaint("").hasPrefix("1: an action is missing; write: kill, restart, partition"))
    #expect(
      complaint(String(repeating: "k", count: 600)) == "1: an action is at most 512 bytes long")
  }

  @Test func completions_goThroughTheWordsInOrder() {
    func words(_ partial: String) -> [String] {
      ActionGrammar.completions(for: partial, names: names).map(\.text)
    }
    #expect(words("") == FaultCatalogue.all.map(\.verb))
    #expect(words("r") == ["restart", "reorder", "recover", "reshard", "read"])
    #expect(words("kill ") == ["n1", "n2", "n3", "c-east", "c-west"])
    #expect(words("kill c-w") == ["c-west"])
    #expect(words("gray ") == ["n1", "n2", "n3"])
    #expect(words("partition ") == PartitionShape.forms.map(\.word))
    #expect(words("partition isolate ") == ["n1", "n2", "n3"])
    #expect(words("join ") == ["n4"])
    #expect(words("join n4 in ") == ["east", "west"])
    #expect(words("set storage.q") == ["storage.quorum"])
    #expect(words("set storage.quorum s") == ["strict", "sloppy"])
    #expect(words("set storage.engin").isEmpty, "cannot change while the cluster runs")
    #expect(words("kill n1 ").isEmpty)
    #expect(words("nonsense ").isEmpty)
    let completion = ActionGrammar.completions(for: "set cache.en", names: names).first
    #expect(completion?.line == "set cache.enabled")
    #expect(completion?.meaning == SettingCatalogue.find("cache.enabled")?.meaning)
  }

  /// What is offered can be taken: following first completions ends in an action that reads.
  @Test func completions_leadToActionsThatRead() {
    // Keys are not offered: there may be a million.
    for record in FaultCatalogue.all where !record.form.contains(" KEY") {
      var line = record.verb
      for _ in 0..<8 {
        guard let next = ActionGrammar.completions(for: line + " ", names: names).first else {
          break
        }
        line = next.line
      }
      #expect(!complaint(line).contains(":"), "'\(line)': \(complaint(line))")
    }
  }

  @Test func randomText_neverCrashes() {
    let seed: UInt64 = 0xac71_0e5e
    var stream = TestStream(seed: seed)
    let words =
      FaultCatalogue.all.map(\.verb) + SettingCatalogue.all.map(\.path)
      + [
        "n1", "west", "in", "via", "=", "x", "%", "-1", "9999999999999999999", "10s", "é", "\0",
        "nan",
      ]
    var read = 0
    for _ in 0..<5000 {
      let text = (0..<Int(stream.next() % 5)).map { _ in
        words[Int(stream.next() % UInt64(words.count))]
      }.joined(separator: stream.next() % 4 == 0 ? "" : " ")
      if let action = try? ActionGrammar.parse(text) {
        read += 1
        #expect(try! ActionGrammar.parse(action.text) == action, "seed \(seed): \(text)")
      }
      _ = ActionGrammar.completions(for: text, names: names)
    }
    #expect(read > 50, "seed \(seed): some random texts are actions")
  }
}
