import Testing

/// What the two sides of a cut are answered, of the built program's own report.
struct PartitionTests {
  /// `clustertop run partition --seed 7`: N=5 and R=W=3 over three nodes against two.
  @Test func majorityQuorum_onlyTheMajoritySideIsAnswered() {
    let east = During(of: "east", "")
    let west = During(of: "west", "")
    #expect(east.number("availability") > 0.99)
    #expect(east.number("not-enough-replicas") == 0)
    #expect(west.number("availability") == 0)
    #expect(west.number("not-enough-replicas") > 1000)
    #expect(west.number("answerable_reads") == 0 && east.number("answerable_reads") == 1)
    #expect(east.report.contains(#""replicas_converged": true"#))
  }

  /// `… --set storage.n=3 --set storage.r=2 --set storage.w=2`: with N below the number of nodes a
  /// side is answered for the keys of which it holds two of three homes. Both sides keep to that
  /// share but for the moments until the cut is noticed, in which operations wait in vain.
  @Test func fewerReplicasThanNodes_eachSideIsAnsweredForItsKeys() {
    let settings = "--set storage.n=3 --set storage.r=2 --set storage.w=2"
    var shares = 0.0
    for side in ["east", "west"] {
      let during = During(of: side, settings)
      let share = during.number("answerable_reads")
      #expect(share > 0.1 && share < 0.9, "\(side): \(share)")
      #expect(abs(during.number("availability") - share) < 0.02, "\(side): \(share)")
      #expect(during.number("stale_reads") == 0)
      #expect(during.report.contains(#""replicas_converged": true"#))
      shares += share
    }
    #expect(abs(shares - 1) < 1e-6, "a key has two of its three homes on exactly one side")
  }

  /// `… --set storage.r=1 --set storage.w=1`: both sides answer everything, and both are stale.
  @Test func singleReplicaQuorum_bothSidesAnswerAndAreStale() {
    for side in ["east", "west"] {
      let during = During(of: side, "--set storage.r=1 --set storage.w=1")
      #expect(during.number("availability") > 0.999, "\(side)")
      #expect(during.number("stale_reads") > 500, "\(side)")
      #expect(during.report.contains(#""replicas_converged": true"#))
    }
  }
}

/// The figures of one location while the cut lasts.
private struct During {
  let report: String
  private let part: Substring

  init(of location: String, _ settings: String) {
    report = Program.run("run partition --seed 7 \(settings) --format json").output
    let own = report.after(#"{"name": "\#(location)", "operations""#)
    part = own.after(#""label": "during""#)
  }

  /// The first number under `key` in that phase.
  func number(_ key: String) -> Double {
    let text = part.after("\"\(key)\": ").prefix { $0.isNumber || "+-.e".contains($0) }
    return Double(text) ?? .nan
  }
}

extension StringProtocol {
  /// What follows the first `text`; nothing where there is none.
  fileprivate func after(_ text: String) -> Substring {
    var rest = Substring(self)
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return rest.dropFirst(text.count) }
      rest = rest.dropFirst()
    }
    return rest
  }
}
