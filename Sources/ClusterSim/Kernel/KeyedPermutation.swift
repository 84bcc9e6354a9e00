/// An order of 0..<count that a key chooses, computed place by place: it takes no memory, where a
/// shuffled list takes `count` numbers.
///
/// A Feistel network over two digits to the base ceil(sqrt(count)), walked on from whatever lies
/// outside until it is inside again (Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
/// CT-RSA 2002, sections 4 and 5). A bijection for every key. It draws from 2^64 orders and not from
/// all, which for a few hundred elements and more no count can tell.
struct KeyedPermutation {
  let count: Int
  private let side: UInt64
  private let key: UInt64
  private static let rounds: UInt64 = 8

  /// - Parameter count: 1...2^31.
  init(count: Int, key: UInt64) {
    precondition(count > 0 && count <= 1 << 31)
    self.count = count
    self.key = key
    var side = UInt64(Double(count).squareRoot())
    while side * side < UInt64(count) { side += 1 }
    self.side = side
  }

  /// The element at a place; each of 0..<count stands at just one.
  subscript(place: Int) -> Int {
    precondition(place >= 0 && place < count)
    var element = UInt64(place)
    repeat { element = encipher(element) } while element >= UInt64(count)
    return Int(element)
  }

  private func encipher(_ element: UInt64) -> UInt64 {
    var (high, low) = element.quotientAndRemainder(dividingBy: side)
    for round in 0..<Self.rounds {
      var mixed = SplitMix64(seed: key ^ (round << 32 | low))
      var sum = high + mixed.next().multipliedFullWidth(by: side).high
      if sum >= side { sum -= side }
      (high, low) = (low, sum)
    }
    return high * side + low
  }
}
