/// The places of a slab and their handles. Freed places are used again, last freed first.
///
/// A handle carries the generation of its place (32 bits beside 32 bits of index), odd while it is in
/// use: an answer that comes late never meets a stranger, however often the place was used again, and
/// 0 is no handle.
struct SlabPlaces {
  private struct Place {
    var generation: UInt32
    /// While it is free: the place that was freed before it, `none` for the first.
    var nextFree: UInt32
  }
  private static var none: UInt32 { .max }

  private var places: ContiguousArray<Place> = []
  private var firstFree = Self.none
  private(set) var count = 0

  /// The most values that can be held at once: 16 777 216.
  static var limit: Int { 1 << 24 }

  /// Places used so far, at once.
  var size: Int { places.count }

  /// Takes a place; one that is `size` before the call is new. Stops the run beyond `limit`.
  @inline(__always)
  mutating func take() -> UInt64 {
    count += 1
    if firstFree != Self.none {
      let index = Int(firstFree)
      let generation = places[index].generation &+ 1
      firstFree = places[index].nextFree
      places[index].generation = generation
      return UInt64(truncatingIfNeeded: index) | UInt64(generation) << 32
    }
    let index = places.count
    precondition(index < Self.limit, "more than \(Self.limit) values in one slab")
    places.append(Place(generation: 1, nextFree: Self.none))
    return handle(index)
  }

  /// Gives a place back; its handle is void from now on.
  @inline(__always)
  mutating func give(back index: Int) {
    places[index] = Place(generation: places[index].generation &+ 1, nextFree: firstFree)
    firstFree = UInt32(truncatingIfNeeded: index)
    count -= 1
  }

  @inline(__always)
  static func index(of handle: UInt64) -> Int { Int(truncatingIfNeeded: handle & 0xFFFF_FFFF) }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt64) -> Bool {
    let index = Self.index(of: handle)
    return handle >> 32 & 1 == 1 && index < places.count
      && UInt64(places[index].generation) == handle >> 32
  }

  @inline(__always)
  func isUsed(_ index: Int) -> Bool { places[index].generation & 1 == 1 }

  @inline(__always)
  func handle(_ index: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: index) | UInt64(places[index].generation) << 32
  }

  /// The place of a handle. Stops the run on a void one.
  @inline(__always)
  func checkedIndex(_ handle: UInt64) -> Int {
    let index = Self.index(of: handle)
    precondition(
      UInt64(places[index].generation) == handle >> 32 && handle >> 32 & 1 == 1, "slab: void handle"
    )
    return index
  }
}
