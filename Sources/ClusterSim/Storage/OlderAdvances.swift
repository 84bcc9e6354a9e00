/// The advances of all keys that are no longer among the last few of theirs, oldest dropped first: without
/// them a read that is a hundred versions behind would count as stale only since the eighth newest, and of
/// a hundred lost writes eight would be found.
///
/// In chunks, so that a checkpoint shares all but the last one.
struct OlderAdvances {
  private struct Entry {
    var advance: AcknowledgedWrites.Advance
    /// The number of the same key's one before; 0 for none.
    var previous: UInt64
  }
  private static var chunkSize: UInt64 { 1024 }
  /// A quarter of a million advances, 14 MB.
  private static var chunkLimit: UInt64 { 256 }

  private var chunks: ContiguousArray<ContiguousArray<Entry>> = []
  /// By key, the number of its last; 0 for none.
  private var last: ContiguousArray<UInt64> = []
  /// Numbers count from 1.
  private var count: UInt64 = 0

  mutating func append(_ advance: AcknowledgedWrites.Advance, key index: Int) {
    if index >= last.count {
      last.append(contentsOf: repeatElement(0, count: max(index + 1, 2 * last.count) - last.count))
    }
    let chunk = Int(count / Self.chunkSize % Self.chunkLimit)
    if count % Self.chunkSize == 0 {
      var fresh = ContiguousArray<Entry>()
      fresh.reserveCapacity(Int(Self.chunkSize))
      if chunk == chunks.count { chunks.append(fresh) } else { chunks[chunk] = fresh }
    }
    chunks[chunk].append(Entry(advance: advance, previous: last[index]))
    count += 1
    last[index] = count
  }

  /// Visits those that are kept of a key, newest first, until `body` says no.
  func visit(key index: Int, _ body: (AcknowledgedWrites.Advance) -> Bool) {
    var number = index < last.count ? last[index] : 0
    while let (chunk, place) = place(of: number) {
      let entry = chunks[chunk][place]
      guard body(entry.advance) else { return }
      number = entry.previous
    }
  }

  /// Marks those of a key that are newer than `version` as lost for good.
  mutating func lose(newerThan version: Version, key index: Int) {
    var number = index < last.count ? last[index] : 0
    while let (chunk, place) = place(of: number) {
      guard chunks[chunk][place].advance.version > version else { return }
      chunks[chunk][place].advance.isLost = true
      number = chunks[chunk][place].previous
    }
  }

  /// Nil where it is not kept.
  private func place(of number: UInt64) -> (chunk: Int, place: Int)? {
    guard number > 0 else { return nil }
    let chunk = (number - 1) / Self.chunkSize
    guard chunk + Self.chunkLimit > (count - 1) / Self.chunkSize else { return nil }
    return (Int(chunk % Self.chunkLimit), Int((number - 1) % Self.chunkSize))
  }
}
