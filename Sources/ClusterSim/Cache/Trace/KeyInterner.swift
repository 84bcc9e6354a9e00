/// Gives each different text a number, from 0 in the order of first appearance: a table with open
/// addressing over one block of bytes, as millions of keys come from a file.
///
/// The standard library's keyed hash spreads them, so that no file can make it slow; numbers do not
/// depend on it.
public struct KeyInterner {
  private var bytes: ContiguousArray<UInt8> = []
  /// Where each text ends in `bytes`.
  private var ends: ContiguousArray<Int> = []
  private var hashes: ContiguousArray<UInt32> = []
  /// Number of a text + 1, or 0; a power of two of places, at most half of them taken.
  private var places: ContiguousArray<UInt32> = ContiguousArray(repeating: 0, count: 1024)

  public init() {}

  /// How many different texts there are.
  public var count: Int { ends.count }

  /// The number of a text; a new one where it has not been seen.
  public mutating func number(of text: UnsafeRawBufferPointer) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(bytes: text)
    let hash = UInt32(truncatingIfNeeded: hasher.finalize())
    var place = Int(hash) & (places.count - 1)
    while places[place] != 0 {
      let number = places[place] - 1
      if hashes[Int(number)] == hash, isEqual(Int(number), text) { return number }
      place = (place + 1) & (places.count - 1)
    }
    let number = UInt32(ends.count)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    places[place] = number + 1
    if ends.count * 2 > places.count { grow() }
    return number
  }

  /// The bytes of a text, valid during the call.
  public func withBytes<Result>(
    of number: UInt32, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let range = range(Int(number))
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  private func isEqual(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let range = range(number)
    guard range.count == text.count else { return false }
    return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).elementsEqual(text) }
  }

  private mutating func grow() {
    places = ContiguousArray(repeating: 0, count: places.count * 2)
    for number in ends.indices {
      var place = Int(hashes[number]) & (places.count - 1)
      while places[place] != 0 { place = (place + 1) & (places.count - 1) }
      places[place] = UInt32(number) + 1
    }
  }
}
