/// Time-outs of one kind. Nearly all have the same length, so they come in order and a line is
/// enough where a heap would sort; one wake-up in the event queue stands for the whole line, at or
/// before the first time-out that somebody still waits for.
struct DeadlineQueue {
  struct Entry {
    var due: Int64
    var handle: UInt64
  }
  private var line = Fifo<Entry>()
  /// Whether a wake-up for this line is in the event queue.
  var armed = false

  @inline(__always)
  var first: Entry? { line.first }

  var count: Int { line.count }

  /// Puts a deadline in its place: at the end unless a time-out was shortened meanwhile.
  @inline(__always)
  mutating func insert(due: Int64, handle: UInt64) {
    line.append(Entry(due: due, handle: handle))
    var place = line.count - 1
    while place > 0, line[place - 1].due > due {
      line[place] = line[place - 1]
      place -= 1
    }
    if place < line.count - 1 { line[place] = Entry(due: due, handle: handle) }
  }

  /// Drops what nobody waits for any more from the front of the line. Nearly everything is answered
  /// long before its time-out: the line stays as short as what is under way, and the event queue is
  /// not woken for each.
  @inline(__always)
  mutating func dropVoid<Element>(of slab: ExclusiveSlab<Element>) {
    while let entry = line.first, !slab.contains(entry.handle) { line.removeFirst() }
  }

  /// The next handle whose deadline is at or before `now`.
  @inline(__always)
  mutating func pop(ifAtOrBefore now: Int64) -> UInt64? {
    guard let entry = line.first, entry.due <= now else { return nil }
    line.removeFirst()
    return entry.handle
  }
}
