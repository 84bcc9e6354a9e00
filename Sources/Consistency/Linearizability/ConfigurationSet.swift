/// Configurations of a search, each once: the state of the register and two sets of slots.
///
/// One flat array; a configuration is a stretch of `stride` words: state, done set, silent set.
struct ConfigurationSet: Sendable {
  /// Words of a set of slots.
  private(set) var width: Int
  private(set) var count = 0
  private var words: ContiguousArray<UInt64> = []
  /// Open addressing over the numbers of the configurations, used beyond a few.
  private var table: ContiguousArray<Int32> = []

  private static let scanned = 12

  init(width: Int) { self.width = width }

  private var stride: Int { 1 + 2 * width }

  @inline(__always)
  func state(_ number: Int) -> ValueTable.ID {
    ValueTable.ID(truncatingIfNeeded: words[number * stride])
  }

  @inline(__always)
  func done(_ number: Int, _ word: Int) -> UInt64 { words[number * stride + 1 + word] }

  @inline(__always)
  func silent(_ number: Int, _ word: Int) -> UInt64 { words[number * stride + 1 + width + word] }

  @inline(__always)
  func isDone(_ number: Int, _ slot: Int) -> Bool {
    done(number, slot >> 6) >> (slot & 63) & 1 == 1
  }

  @inline(__always)
  func isSilent(_ number: Int, _ slot: Int) -> Bool {
    silent(number, slot >> 6) >> (slot & 63) & 1 == 1
  }

  /// Marks a slot as done in place. The caller knows that no two configurations become equal.
  mutating func setDone(_ number: Int, _ slot: Int) {
    words[number * stride + 1 + slot >> 6] |= 1 << (slot & 63)
  }

  /// Takes a slot out of both sets, in place. The caller knows that it was done in all.
  mutating func forget(_ number: Int, _ slot: Int) {
    words[number * stride + 1 + slot >> 6] &= ~(1 << (slot & 63))
    words[number * stride + 1 + width + slot >> 6] &= ~(1 << (slot & 63))
  }

  func copy(_ number: Int, into scratch: inout ContiguousArray<UInt64>) {
    let start = number * stride
    for word in 0..<stride { scratch[word] = words[start + word] }
  }

  /// Adds a configuration unless it is there.
  mutating func insert(_ scratch: ContiguousArray<UInt64>) {
    if count < Self.scanned {
      for number in 0..<count where equals(number, scratch) { return }
    } else {
      if table.isEmpty || count * 2 > table.count { rebuildTable() }
      var place = Self.hash(scratch) & (table.count - 1)
      while table[place] >= 0 {
        if equals(Int(table[place]), scratch) { return }
        place = (place + 1) & (table.count - 1)
      }
      table[place] = Int32(count)
    }
    words.append(contentsOf: scratch)
    count += 1
  }

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    // A large table costs more to clear than to build again.
    table.removeAll(keepingCapacity: table.count <= 1024)
    count = 0
  }

  private func equals(_ number: Int, _ scratch: ContiguousArray<UInt64>) -> Bool {
    let start = number * stride
    for word in 0..<stride where words[start + word] != scratch[word] { return false }
    return true
  }

  private mutating func rebuildTable() {
    let size = max(64, (count * 4).nextPowerOfTwo)
    table = ContiguousArray(repeating: -1, count: size)
    var scratch = ContiguousArray<UInt64>(repeating: 0, count: stride)
    for number in 0..<count {
      copy(number, into: &scratch)
      var place = Self.hash(scratch) & (size - 1)
      while table[place] >= 0 { place = (place + 1) & (size - 1) }
      table[place] = Int32(number)
    }
  }

  private static func hash(_ scratch: ContiguousArray<UInt64>) -> Int {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for word in scratch {
      hash = (hash ^ word) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash >> 1)
  }

  /// The same configurations with room for more slots.
  func widened(to newWidth: Int) -> ConfigurationSet {
    var wider = ConfigurationSet(width: newWidth)
    var scratch = ContiguousArray<UInt64>(repeating: 0, count: 1 + 2 * newWidth)
    for number in 0..<count {
      scratch[0] = words[number * stride]
      for word in 0..<width {
        scratch[1 + word] = done(number, word)
        scratch[1 + newWidth + word] = silent(number, word)
      }
      wider.insert(scratch)
    }
    return wider
  }

  /// The configurations whose numbers are kept.
  func filtered(_ keep: [Bool]) -> ConfigurationSet {
    var kept = ConfigurationSet(width: width)
    var scratch = ContiguousArray<UInt64>(repeating: 0, count: stride)
    for number in 0..<count where keep[number] {
      copy(number, into: &scratch)
      kept.insert(scratch)
    }
    return kept
  }
}

extension Int {
  /// The least power of two that is not below it.
  fileprivate var nextPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}
