import Glibc
import Testing

@testable import ClusterSim

/// A second, naive ring: all virtual nodes in one list that is searched from the start.
struct NaiveRing {
  var points: [(token: UInt64, node: UInt16)] = []

  init(_ members: [HashRing.Member]) {
    for member in members {
      for index in 0..<member.virtualNodes {
        let digest = RingToken.sha1("\(member.name)#\(index)")
        var token: UInt64 = 0
        for byte in 0..<8 { token += UInt64(digest[byte]) << UInt64(56 - 8 * byte) }
        points.append((token, member.node.rawValue))
      }
    }
  }

  /// For each node its nearest point clockwise from the token; the nodes by how near that is.
  func homes(_ token: UInt64, count: Int) -> [UInt16] {
    var nearest: [(distance: UInt64, node: UInt16)] = []
    for point in points {
      let distance = point.token &- token
      if let place = nearest.firstIndex(where: { $0.node == point.node }) {
        if distance < nearest[place].distance { nearest[place].distance = distance }
      } else {
        nearest.append((distance, point.node))
      }
    }
    return nearest.sorted { $0 < $1 }.prefix(count).map(\.node)
  }
}

/// Nodes n0, n1, ... (or another prefix), each with the virtual nodes its weight gives it.
func members(_ count: Int, vnodes: Int, weights: [Int] = [1], name: String = "n")
  -> [HashRing.Member]
{
  (0..<count).map {
    HashRing.Member(
      node: NodeID(UInt16($0)), name: "\(name)\($0)",
      virtualNodes: vnodes * weights[$0 % weights.count])
  }
}

@Suite struct HashRingTests {
  @Test func sha1_givesTheStandardsDigests() {
    func hex(_ text: String) -> String {
      RingToken.sha1(text).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    // FIPS 180-4's examples and the empty text.
    #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    #expect(RingToken.token("abc") == 0xa999_3e36_4706_816a)
  }

  @Test func tenThousandKeys_liveWhereTheNaiveRingSays() {
    let nodes = members(6, vnodes: 8, weights: [1, 2, 3])
    let ring = HashRing(nodes, depth: 3)
    let naive = NaiveRing(nodes)
    var wrong: [Int] = []
    for index in 0..<10_000 {
      let token = RingToken.token("key\(index)")
      let expected = naive.homes(token, count: 6)
      let position = ring.index(of: token)
      let isRight =
        ring.owner(token).rawValue == expected[0]
        && (0..<3).allSatisfy { ring.home(at: position, rank: $0).rawValue == expected[$0] }
        // The long list by a walk is dearer, and the same for each position.
        && (index % 10 > 0
          || ring.preferenceList(token, count: 6).map(\.rawValue) == expected)
      if !isRight { wrong.append(index) }
    }
    #expect(wrong.isEmpty)
  }

  @Test func tokensThemselves_belongToTheirOwnNode() {
    let ring = HashRing(members(5, vnodes: 16))
    for index in ring.tokens.indices {
      let token = ring.tokens[index]
      #expect(ring.index(of: token) == index)
      #expect(ring.index(of: token &+ 1) == (index + 1) % ring.tokens.count)
    }
    #expect(ring.index(of: 0) == 0 && ring.index(of: .max) == 0)
  }

  @Test func weights_giveSharesInProportion() {
    let ring = HashRing(members(6, vnodes: 400, weights: [1, 2, 3]))
    for node in 0..<6 as Range<UInt16> {
      let expected = Double(node % 3 + 1) / 12
      #expect(abs(ring.share(of: NodeID(node)) / expected - 1) < 0.2)
    }
  }

  @Test func shares_fillTheCircleExactly() {
    for count in 1...9 {
      for vnodes in [1, 3] {
        let ring = HashRing(members(count, vnodes: vnodes))
        let sum = (0..<count).reduce(0 as UInt128) { $0 + ring.points(of: NodeID(UInt16($1))) }
        #expect(sum == 1 << 64)
      }
    }
  }

  @Test func theSpreadOfShares_isThatOfTheBetaDistribution() {
    // Over 200 rings of 10 nodes: sqrt((n - 1) / (n V + 1)), the figures of facts.md section 4.
    let facts = [1: 0.905, 16: 0.236, 128: 0.084, 256: 0.059]
    for (vnodes, fact) in facts.sorted(by: { $0.key < $1.key }) {
      var squares = 0.0
      for ringIndex in 0..<200 {
        let ring = HashRing(members(10, vnodes: vnodes, name: "ring\(ringIndex)-"), depth: 1)
        for node in 0..<10 as Range<UInt16> {
          let relative = ring.share(of: NodeID(node)) * 10 - 1
          squares += relative * relative
        }
      }
      let deviation = (squares / 2000).squareRoot()
      let formula = (9 / Double(10 * vnodes + 1)).squareRoot()
      #expect(abs(formula - fact) < 0.001)
      #expect(abs(deviation / formula - 1) < 0.1, "V=\(vnodes): \(deviation) for \(formula)")
    }
  }

  @Test func addingAndRemoving_giveTheRingBuiltAnew() {
    var nodes = members(7, vnodes: 20, weights: [1, 2])
    var ring = HashRing(nodes)
    let newcomer = HashRing.Member(node: NodeID(40), name: "n40", virtualNodes: 33)
    nodes.append(newcomer)
    ring = ring.adding(newcomer)
    #expect(ring == HashRing(nodes))
    nodes.remove(at: 2)
    ring = ring.removing(NodeID(2))
    #expect(ring == HashRing(nodes))
    for member in nodes { ring = ring.removing(member.node) }
    #expect(ring.isEmpty && ring.preferenceList(5, count: 3).isEmpty)
    #expect(ring.adding(newcomer) == HashRing([newcomer]))
    #expect(ring.share(of: NodeID(40)) == 0)
  }

  @Test func listsLongerThanTheRing_holdEveryNodeOnce() {
    let ring = HashRing(members(3, vnodes: 4), depth: 5)
    for index in 0..<100 {
      let list = ring.preferenceList(RingToken.token("k\(index)"), count: 9)
      #expect(Set(list.map(\.rawValue)) == [0, 1, 2] && list.count == 3)
    }
    #expect(ring.depth == 3)
  }

  @Test func walk_stopsWhereTheVisitorSays() {
    let ring = HashRing(members(5, vnodes: 4), depth: 1)
    for index in ring.tokens.indices {
      var visited: [NodeID] = []
      ring.walk(from: index) {
        visited.append($0)
        return visited.count < 3
      }
      #expect(visited == ring.preferenceList(ring.tokens[index], count: 3))
      #expect(visited.count == 3)
    }
  }
}
