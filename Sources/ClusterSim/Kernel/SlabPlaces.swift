/// The places of a slab and their handles. Freed places are used again, last freed first.
///
/// A handle carries the generation of its place (32 bits beside 32 bits of index), odd while it is in
/// use: an answer that comes late never meets a stranger, however often the place was used again, and
/// 0 is no handle.
struct SlabPlaces {
  private var generations: ContiguousArray<UInt32> = []
  private var free: ContiguousArray<UInt32> = []
  private(set) var count = 0

  /// The most values that can be held at once: 16 777 216.
  static var limit: Int { 1 << 24 }

  /// Places used so far, at once.
  var size: Int { generations.count }

  /// Takes a place; one that is `size` before the call is new. Stops the run beyond `limit`.
  @inline(__always)
  mutating func take() -> UInt64 {
    count += 1
    if let index = free.popLast() {
      generations[Int(index)] &+= 1
      return handle(Int(index))
    }
    let index = generations.count
    precondition(index < Self.limit, "more than \(Self.limit) values in one slab")
    generations.append(1)
    return handle(index)
  }

  /// Gives a place back; its handle is void from now on.
  @inline(__always)
  mutating func give(back index: Int) {
    generations[index] &+= 1
    free.append(UInt32(truncatingIfNeeded: index))
    count -= 1
  }

  @inline(__always)
  static func index(of handle: UInt64) -> Int { Int(truncatingIfNeeded: handle & 0xFFFF_FFFF) }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt64) -> Bool {
    let index = Self.index(of: handle)
    return handle >> 32 & 1 == 1 && index < generations.count
      && UInt64(generations[index]) == handle >> 32
  }

  @inline(__always)
  func isUsed(_ index: Int) -> Bool { generations[index] & 1 == 1 }

  @inline(__always)
  func handle(_ index: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: index) | UInt64(generations[index]) << 32
  }

  /// The place of a handle. Stops the run on a void one.
  @inline(__always)
  func checkedIndex(_ handle: UInt64) -> Int {
    let index = Self.index(of: handle)
    precondition(
      UInt64(generations[index]) == handle >> 32 && handle >> 32 & 1 == 1, "slab: void handle")
    return index
  }
}
