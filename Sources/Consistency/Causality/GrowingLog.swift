/// A list that only grows at its end. In chunks, so that a copy of it shares all but the chunks that
/// change afterwards.
struct GrowingLog<Element: Sendable>: Sendable {
  private static var shift: Int { 10 }
  private static var size: Int { 1 << shift }

  private var chunks: ContiguousArray<ContiguousArray<Element>> = []
  private(set) var count = 0

  mutating func append(_ element: Element) {
    if count & (Self.size - 1) == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.size)
    }
    chunks[chunks.count - 1].append(element)
    count += 1
  }

  subscript(place: Int) -> Element {
    get { chunks[place >> Self.shift][place & (Self.size - 1)] }
    set { chunks[place >> Self.shift][place & (Self.size - 1)] = newValue }
  }
}

/// Clocks that never change once they are kept, each in one piece: of each slot how many of its writes
/// lie before. What lies beyond a clock's length is 0.
struct ClockLog: Sendable {
  /// Where a clock lies.
  struct Place: Sendable {
    var chunk: Int32
    var offset: Int32
    var length: Int32
  }

  /// Words a chunk; a longer clock gets a chunk of its own.
  private static let chunkWords = 8192
  private var chunks: ContiguousArray<ContiguousArray<Int32>> = []

  mutating func append(_ clock: ContiguousArray<Int32>) -> Place {
    if chunks.last.map({ $0.count + clock.count > Self.chunkWords }) ?? true {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(max(Self.chunkWords, clock.count))
    }
    let offset = chunks[chunks.count - 1].count
    chunks[chunks.count - 1].append(contentsOf: clock)
    return Place(
      chunk: Int32(chunks.count - 1), offset: Int32(offset), length: Int32(clock.count))
  }

  func entry(_ place: Place, _ slot: Int32) -> Int32 {
    slot < place.length ? chunks[Int(place.chunk)][Int(place.offset + slot)] : 0
  }

  /// Raises each entry of `clock`, which is at least as long, to the kept one's.
  func merge(_ place: Place, into clock: inout ContiguousArray<Int32>) {
    let (offset, length) = (Int(place.offset), Int(place.length))
    chunks[Int(place.chunk)].withUnsafeBufferPointer { kept in
      clock.withUnsafeMutableBufferPointer { clock in
        for slot in 0..<length { clock[slot] = max(clock[slot], kept[offset + slot]) }
      }
    }
  }
}
