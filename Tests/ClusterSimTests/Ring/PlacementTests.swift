import Glibc
import Testing

@testable import ClusterSim

/// Nodes n0, n1, ... with weights in turn.
private func nodes(_ count: Int, weights: [Int] = [1]) -> [PlacementNode] {
  (0..<count).map { PlacementNode("n\($0)", weight: weights[$0 % weights.count]) }
}

private func interned(_ keys: [String]) -> KeyInterner {
  var interner = KeyInterner()
  for var key in keys { _ = key.withUTF8 { interner.number(of: KeyBytes($0)) } }
  return interner
}

private let texts = (0..<20_000).map { "user:\($0 * 7919)" }

@Suite struct PlacementTests {
  /// Computed with a second implementation in Python (hashlib, struct for single precision) over
  /// nodes a, b=2, c=3, d and the keys key0 to key7; jump's replicas are ours, so only its owner.
  @Test func owners_areThoseOfASecondImplementation() throws {
    let four = [
      PlacementNode("a"), PlacementNode("b", weight: 2), PlacementNode("c", weight: 3),
      PlacementNode("d"),
    ]
    let expected: [(PlacementScheme, [[Int]])] = [
      (
        .ring,
        [
          [2, 0, 1], [1, 3, 2], [0, 2, 3], [0, 2, 1], [2, 0, 1], [2, 0, 1], [1, 3, 2], [2, 3, 1],
        ]
      ),
      (
        .ketama,
        [
          [1, 2, 3], [2, 1, 3], [1, 0, 2], [2, 0, 1], [2, 3, 0], [0, 1, 2], [3, 0, 2], [1, 0, 2],
        ]
      ),
      (
        .rendezvous,
        [
          [2, 1, 0], [1, 3, 2], [2, 0, 1], [3, 0, 2], [0, 1, 2], [1, 2, 3], [1, 2, 0], [3, 0, 1],
        ]
      ),
      (
        .modulo,
        [
          [2, 3, 0], [1, 2, 3], [0, 1, 2], [2, 3, 0], [2, 3, 0], [2, 3, 0], [1, 2, 3], [2, 3, 0],
        ]
      ),
      (
        .maglev,
        [
          [2, 3, 1], [1, 2, 0], [3, 2, 0], [3, 1, 2], [1, 3, 2], [2, 3, 1], [2, 0, 3], [2, 1, 3],
        ]
      ),
      (.jump, [[1], [2], [1], [2], [2], [2], [2], [3]]),
    ]
    for (scheme, lists) in expected {
      let placement = try Placement(scheme, nodes: four)
      for (index, list) in lists.enumerated() {
        #expect(placement.owners(of: "key\(index)", count: list.count) == list, "\(scheme)")
      }
    }
  }

  @Test func owners_areDistinct_andAsManyAsThereAre() throws {
    for scheme in PlacementScheme.allCases {
      for (count, weights) in [(1, [1]), (2, [64, 1]), (7, [1, 2, 3]), (70, [1])] {
        let placement = try Placement(scheme, nodes: nodes(count, weights: weights))
        for index in 0..<30 {
          let all = placement.owners(of: "key\(index)", count: 1000)
          #expect(all.sorted() == Array(0..<count), "\(scheme) \(count)")
          for wanted in [1, 2, 3, 6, 20] where wanted < count {
            let list = placement.owners(of: "key\(index)", count: wanted)
            #expect(list == Array(all.prefix(wanted)), "\(scheme) \(count)")
          }
        }
      }
    }
  }

  /// Shares add up to 1, and keys fall as the shares say.
  @Test func keys_fallAsTheSharesSay() throws {
    for scheme in PlacementScheme.allCases {
      let list = nodes(6, weights: [1, 2, 3])
      let placement = try Placement(scheme, nodes: list, keys: interned(texts))
      #expect(abs(placement.shares.reduce(0, +) - 1) < 1e-9)
      var counts = Array(repeating: 0.0, count: 6)
      for key in texts { counts[placement.owners(of: key, count: 1)[0]] += 1 }
      for node in 0..<6 {
        #expect(abs(counts[node] / 20_000 - placement.shares[node]) < 0.012, "\(scheme) \(node)")
        // Random tokens spread by about 7 % of the share here; 4 times that.
        let wanted = Double(list[node].weight) / 12
        #expect(abs(placement.shares[node] / wanted - 1) < 0.35, "\(scheme) \(node)")
      }
    }
  }

  /// On `ring`, `rendezvous`, `ketama` (equal weights) and `jump` (at the end) a newcomer takes its
  /// share and a leaver gives its own; nothing else moves.
  @Test func schemesOfLeastMovement_moveNothingBetweenOldNodes() throws {
    let ten = nodes(10)
    let eleven = ten + [PlacementNode("new")]
    for scheme in [PlacementScheme.ring, .ketama, .rendezvous, .jump] {
      let (small, large) = try (Placement(scheme, nodes: ten), Placement(scheme, nodes: eleven))
      var join = PlacementMoves(from: small, to: large)
      var leave = PlacementMoves(from: large, to: small)
      for key in texts {
        let (before, after) = (small.owners(of: key, count: 3), large.owners(of: key, count: 3))
        join.note(before, after)
        leave.note(after, before)
      }
      #expect(join.betweenOld == 0 && join.toNewcomers == join.moved, "\(scheme)")
      #expect(leave.betweenOld == 0 && leave.fromLeavers == leave.moved, "\(scheme)")
      #expect(leave.moved == join.moved && join.keys == 20_000)
      #expect(abs(Double(join.moved) / 20_000 - large.shares[10]) < 0.008, "\(scheme)")
      // Each of the three places of a key is taken with the same probability.
      #expect(abs(Double(join.copiesMoved) / 60_000 - 1 / 11) < 0.025, "\(scheme)")
      #expect(abs(PlacementMoves.expectedShare(from: small, to: large) - 1 / 11) < 1e-12)
    }
  }

  /// What is expected and what happens, for schemes without random tokens: a node at the end, one
  /// from the middle, both at once, and weights.
  @Test func movement_isTheExpectedOne() throws {
    let ten = nodes(10)
    let weighted = nodes(5, weights: [1, 3, 2])
    let changes: [([PlacementNode], [PlacementNode])] = [
      (ten, ten + [PlacementNode("new")]), (ten, ten.filter { $0.name != "n3" }),
      (ten, ten.filter { $0.name != "n3" } + [PlacementNode("new")]),
      (weighted, weighted + [PlacementNode("new", weight: 4)]),
      (weighted, weighted.filter { $0.name != "n1" }),
      // Two of ten go and two come: a key stays where the first of all twelve is one of the eight.
      (ten, ten.filter { $0.name != "n3" && $0.name != "n4" } + nodes(12).suffix(2)),
    ]
    let keys = interned(texts)
    for scheme in [PlacementScheme.modulo, .jump, .rendezvous, .range] {
      for (index, change) in changes.enumerated() {
        let old = try Placement(scheme, nodes: change.0, keys: keys)
        let new = try Placement(scheme, nodes: change.1, keys: keys)
        var moves = PlacementMoves(from: old, to: new)
        for key in texts {
          moves.note(old.owners(of: key, count: 1), new.owners(of: key, count: 1))
        }
        let measured = Double(moves.moved) / 20_000
        let expected = PlacementMoves.expectedShare(from: old, to: new)
        #expect(abs(measured - expected) < 0.012, "\(scheme) \(index): \(measured), \(expected)")
      }
    }
    let two = try (
      Placement(.ring, nodes: ten), Placement(.ring, nodes: Array(nodes(12).dropFirst(2)))
    )
    #expect(abs(PlacementMoves.expectedShare(from: two.0, to: two.1) - 4 / 12) < 1e-12)
    // facts.md section 4: modulo moves n / (n + 1), here 10 of 11.
    let modulo = try (
      Placement(.modulo, nodes: ten), Placement(.modulo, nodes: ten + [PlacementNode("new")])
    )
    #expect(abs(PlacementMoves.expectedShare(from: modulo.0, to: modulo.1) - 10 / 11) < 1e-12)
  }

  /// Maglev moves little more than it must: the paper finds a few percent of the table.
  @Test func maglev_movesLittleBetweenOldNodes() throws {
    let old = try Placement(.maglev, nodes: nodes(10))
    let new = try Placement(.maglev, nodes: nodes(11))
    var moves = PlacementMoves(from: old, to: new)
    for key in texts { moves.note(old.owners(of: key, count: 1), new.owners(of: key, count: 1)) }
    #expect(abs(Double(moves.toNewcomers) / 20_000 - 1 / 11) < 0.01)
    #expect(moves.betweenOld > 0 && moves.betweenOld < 1000)
    // Every node has its part of the table to an entry or so.
    for share in new.shares { #expect(abs(share * 65_537 - 65_537 / 11) < 2) }
  }

  @Test func unusableNodes_areRefused() {
    for list in [
      [], [PlacementNode("a"), PlacementNode("b"), PlacementNode("a")],
      [PlacementNode("a", weight: 0)], [PlacementNode("a", weight: 65)],
      (0...Placement.nodeLimit).map { PlacementNode("\($0)") },
    ] {
      #expect(throws: TextProblem.self) { try Placement(.ring, nodes: list) }
    }
    #expect(throws: TextProblem.self) {
      try Placement(.ring, nodes: nodes(100, weights: [64]), virtualNodes: 4096)
    }
  }
}

@Suite struct KetamaTests {
  /// facts.md section 4, computed there by another program.
  @Test func equalWeights_give40Digests_exceptFourSizes() {
    let odd = (1..<300).filter { KetamaPlacement.groups(weight: 1, total: $0, count: $0) != 40 }
    #expect(odd == [61, 122, 237, 244])
    for count in odd {
      #expect(KetamaPlacement.groups(weight: 1, total: count, count: count) == 39)
    }
    #expect(KetamaPlacement(nodes(61)).pointCount == 61 * 156)
    #expect(KetamaPlacement(nodes(7)).pointCount == 7 * 160)
  }

  private func digest(_ text: String) -> [UInt8] {
    var text = text
    let words = text.withUTF8 { KetamaPlacement.md5(KeyBytes($0)) }
    return [words.0, words.1].flatMap { word in
      (0..<8 as Range<UInt64>).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  @Test func md5_givesTheStandardsDigests() {
    func hex(_ text: String) -> String {
      digest(text).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    // RFC 1321, appendix A.5.
    #expect(hex("") == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(hex("abc") == "900150983cd24fb0d6963f7d28e17f72")
    #expect(hex("message digest") == "f96b697d7cb7938d525a2f31aaf161d0")
  }

  /// libketama's arithmetic written as in C, and the whole continuum searched from its start.
  @Test func owners_areThoseOfTheNaiveContinuum() throws {
    func word(_ digest: [UInt8], _ h: Int) -> UInt32 {
      UInt32(digest[3 + 4 * h]) << 24 | UInt32(digest[2 + 4 * h]) << 16
        | UInt32(digest[1 + 4 * h]) << 8 | UInt32(digest[4 * h])
    }
    for weights in [[1], [1, 2, 3], [64, 1]] {
      let list = nodes(9, weights: weights)
      let memory = Float(list.reduce(0) { $0 + $1.weight })
      var continuum: [(point: UInt32, node: Int)] = []
      for (index, node) in list.enumerated() {
        let pct = Float(node.weight) / memory
        let ks = floorf(Float(Double(pct) * 40.0 * 9))
        for k in 0..<Int(ks) {
          let bytes = digest("\(node.name)-\(k)")
          for h in 0..<4 { continuum.append((word(bytes, h), index)) }
        }
      }
      let placement = try Placement(.ketama, nodes: list)
      for key in texts.prefix(1500) {
        let wanted = word(digest(key), 0)
        let above = continuum.filter { $0.point >= wanted }.min { $0.point < $1.point }
        let owner = above ?? continuum.min { $0.point < $1.point }
        #expect(placement.owners(of: key, count: 2)[0] == owner!.node)
      }
    }
  }
}

@Suite struct JumpTests {
  @Test func buckets_areThePublishedOnes() {
    // Test vectors of the libraries go-jump, Guava's ports and jumphash, confirmed by the paper's
    // code in Python.
    let vectors: [(UInt64, Int, Int)] = [
      (1, 1, 0), (42, 57, 43), (0xDEAD_10CC, 1, 0), (0xDEAD_10CC, 666, 361), (256, 1024, 520),
      (10_863_919_174_838_991, 11, 6), (2_016_238_256_797_177_309, 11, 3),
      (1_673_758_223_894_951_030, 11, 5),
    ]
    for (key, count, bucket) in vectors { #expect(JumpPlacement.bucket(key, of: count) == bucket) }
  }

  @Test func oneMoreBucket_takesItsShareAndNothingElseMoves() {
    var stream = RandomStream(seed: 3, purpose: 1)
    for _ in 0..<2000 {
      let key = stream.next()
      var last = 0
      for count in 1..<40 {
        let bucket = JumpPlacement.bucket(key, of: count)
        #expect(bucket == last || bucket == count - 1)
        last = bucket
      }
    }
  }
}

@Suite struct RangeTests {
  @Test func givenKeys_areDividedEvenlyInOrder() throws {
    for count in [1, 3, 7] {
      let placement = try Placement(.range, nodes: nodes(count), keys: interned(texts))
      let owners = texts.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        .map { placement.owners(of: $0, count: 1)[0] }
      #expect(owners == owners.sorted())
      for node in 0..<count {
        let size = owners.count { $0 == node }
        #expect(abs(size - 20_000 / count) <= 1)
      }
    }
    // Fewer keys than nodes, and the same key often.
    let few = try Placement(.range, nodes: nodes(5), keys: interned(["b", "a", "a", "a"]))
    #expect(few.shares.reduce(0, +) == 1 && few.shares.max() == 0.5)
    #expect(few.owners(of: "a", count: 1) != few.owners(of: "b", count: 1))
  }

  @Test func namesWithoutKeys_areDividedByTheirFirstBytes() throws {
    let placement = try Placement(.range, nodes: nodes(4, weights: [1, 1, 2, 4]))
    // Of 256 first bytes 32, 32, 64 and 128.
    for (key, node) in [("", 0), ("\u{1f}", 0), (" ", 1), ("?", 1), ("@", 2), ("z", 2), ("é", 3)] {
      #expect(placement.owners(of: key, count: 2) == [node, (node + 1) % 4], "\(key)")
    }
  }
}

@Suite struct BoundedLoadsTests {
  /// A plain model: the whole preference list, the first node with room.
  @Test func loads_stayInBounds_andOverflowGoesClockwise() throws {
    for (factor, weights) in [(1.25, [1]), (1.0, [1, 2]), (2, [3, 1, 1])] {
      let list = nodes(9, weights: weights)
      let placement = try Placement(.ring, nodes: list, virtualNodes: 8)
      let keys = texts.prefix(3000)
      var bounded = try #require(BoundedLoads(placement, factor: factor, keys: keys.count))
      let weight = list.reduce(0) { $0 + $1.weight }
      var loads = Array(repeating: 0, count: 9)
      for var key in keys {
        var owners = placement.owners(of: key, count: 3)
        let clockwise = placement.owners(of: key, count: 9)
        let owner = clockwise.first {
          loads[$0] < Int((factor * 3000 * Double(list[$0].weight) / Double(weight)).rounded(.up))
        }!
        loads[owner] += 1
        let free = owners
        key.withUTF8 { bounded.place(KeyBytes($0), &owners) }
        #expect(owners[0] == owner && owners.count == 3)
        let rest = free.filter { $0 != owner }
        #expect(Array(owners.dropFirst()) == Array(rest.prefix(2)))
      }
      #expect(bounded.loads == loads && loads.reduce(0, +) == 3000)
    }
    #expect(
      BoundedLoads(try Placement(.modulo, nodes: nodes(2)), factor: 2, keys: 1) == nil)
  }
}

@Suite struct ShareSpreadTests {
  @Test func spread_isRelativeToTheWeights() {
    let spread = ShareSpread([30, 20, 30], weights: [1, 1, 2])
    // Wanted 20, 20, 40: ratios 1.5, 1, 0.75.
    #expect(spread.largest == 1.5)
    #expect(abs(spread.deviation - ((0.25 + 0.0625) / 3).squareRoot()) < 1e-12)
  }

  /// facts.md section 4 for n = 10, and Lamping and Veach's Table 1 for 1000 buckets.
  @Test func expectedDeviation_isTheBetaDistributions() throws {
    for (count, vnodes, fact) in [
      (10, 1, 0.905), (10, 16, 0.236), (10, 64, 0.118), (10, 256, 0.059), (10, 1000, 0.030),
      (1000, 1, 0.999), (1000, 10, 0.3161), (1000, 100, 0.0999),
    ] {
      let ring = try Placement(.modulo, nodes: nodes(count))
      #expect(ring.expectedDeviation(virtualNodes: vnodes, keys: nil) == 0)
      let small = try Placement(.ring, nodes: nodes(count), virtualNodes: 1)
      let expected = try #require(small.expectedDeviation(virtualNodes: vnodes, keys: nil))
      #expect(abs(expected - fact) < 0.0006)
    }
  }

  /// Keys on rings: the spread of tokens and that of the keys that fall, together, over 100 rings.
  @Test func countedKeys_spreadAsExpected() throws {
    for scheme in [PlacementScheme.ring, .rendezvous] {
      var squares = 0.0
      var expected = 0.0
      for index in 0..<100 {
        let list = (0..<8).map { PlacementNode("r\(index)-\($0)", weight: 1 + $0 % 2) }
        let placement = try Placement(scheme, nodes: list, virtualNodes: 16)
        var counts = Array(repeating: 0.0, count: 8)
        for key in texts.prefix(400) { counts[placement.owners(of: key, count: 1)[0]] += 1 }
        let spread = ShareSpread(counts, weights: list.map(\.weight))
        squares += spread.deviation * spread.deviation
        expected = try #require(placement.expectedDeviation(virtualNodes: 16, keys: 400))
      }
      let measured = (squares / 100).squareRoot()
      #expect(abs(measured / expected - 1) < 0.12, "\(scheme): \(measured) for \(expected)")
    }
  }
}
