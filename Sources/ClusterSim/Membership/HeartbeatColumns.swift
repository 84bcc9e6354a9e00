/// What a table has of everybody's heartbeat, by host number, in columns of eight bytes a host: with n
/// nodes there are n times n of them, and tables are merged column into column.
///
/// Times are numbers of the moments at which something rose or changed. There are few of those: what
/// rises with one message rises at one moment.
struct HeartbeatColumns {
  /// The belief, 2 bits, above the counter: at a heartbeat every 10 ms the counter is full after four
  /// months.
  private(set) var beats: ContiguousArray<UInt32> = []
  /// The moment at which the counter last rose; `noMoment` for who is no member.
  private var rises: ContiguousArray<UInt16> = []
  /// The moment since when the belief is held, `noMoment` where it never changed; empty until one did.
  private var held: ContiguousArray<UInt16> = []
  /// In the order of time, so that the numbers are as well.
  private var moments: ContiguousArray<Int64> = []
  /// Moments at which those are dropped that nothing names any more.
  private var momentLimit = 256

  static var counterMask: UInt32 { 1 << 30 - 1 }
  private static var noMoment: UInt16 { .max }

  var isEmpty: Bool { beats.isEmpty }
  var count: Int { beats.count }
  var bytes: Int { beats.count * 6 + held.count * 2 + moments.count * 8 }

  @inline(__always)
  func counter(_ index: Int) -> UInt32 { beats[index] & Self.counterMask }

  @inline(__always)
  func belief(_ index: Int) -> Belief { Self.belief(beats[index]) }

  @inline(__always)
  static func belief(_ beat: UInt32) -> Belief { Belief(rawValue: UInt8(beat >> 30))! }

  /// When the counter last rose; nil for who never was a member.
  func rose(_ index: Int) -> Int64? {
    rises[index] == Self.noMoment ? nil : moments[Int(rises[index])]
  }

  /// Since when the belief is held; nil where it never changed.
  func heldSince(_ index: Int) -> Int64? {
    held.isEmpty || held[index] == Self.noMoment ? nil : moments[Int(held[index])]
  }

  /// One host more: what is believed of it, since when its counter has stood, nil for who is no member,
  /// and since when that is believed, nil for always.
  mutating func append(_ belief: Belief, rose: Int64?, heldSince: Int64?) {
    beats.append(UInt32(belief.rawValue) << 30)
    let rise = rose.map { moment($0) } ?? Self.noMoment
    rises.append(rise)
    if !held.isEmpty { held.append(Self.noMoment) }
    if let heldSince { setHeld(beats.count - 1, heldSince) }
  }

  /// A host that had a place becomes a member.
  mutating func begin(_ index: Int, now: Int64) {
    let moment = moment(now)
    beats[index] = 0
    rises[index] = moment
  }

  mutating func reserve(_ width: Int) {
    if beats.capacity >= width { return }
    // Not doubled: every node has a table.
    let room = width + max(8, width / 32)
    beats.reserveCapacity(room)
    rises.reserveCapacity(room)
    if !held.isEmpty { held.reserveCapacity(room) }
  }

  @inline(__always)
  mutating func raise(_ index: Int, to counter: UInt32, now: Int64) {
    let moment = moment(now)
    beats[index] = beats[index] & ~Self.counterMask | counter & Self.counterMask
    rises[index] = moment
  }

  mutating func setBelief(_ belief: Belief, of index: Int, now: Int64) {
    beats[index] = beats[index] & Self.counterMask | UInt32(belief.rawValue) << 30
    setHeld(index, now)
  }

  private mutating func setHeld(_ index: Int, _ time: Int64) {
    if held.isEmpty {
      held.reserveCapacity(beats.capacity)
      held.append(contentsOf: repeatElement(Self.noMoment, count: beats.count))
    }
    let moment = moment(time)
    held[index] = moment
  }

  mutating func restartAges(now: Int64) {
    moments = [now]
    momentLimit = 256
    for index in rises.indices where rises[index] != Self.noMoment { rises[index] = 0 }
    for index in held.indices where held[index] != Self.noMoment { held[index] = 0 }
  }

  /// When the counter rose last of that one whom `me` holds alive and whose counter stands longest;
  /// nil where there is none.
  func oldestRise(except me: Int) -> Int64? {
    var least = Self.noMoment
    beats.withUnsafeBufferPointer { beats in
      rises.withUnsafeBufferPointer { rises in
        for range in [0..<me, me + 1..<beats.count] {
          for index in range {
            let rise = beats[index] <= Self.counterMask ? rises[index] : Self.noMoment
            least = min(least, rise)
          }
        }
      }
    }
    return least == Self.noMoment ? nil : moments[Int(least)]
  }

  /// Takes over every higher counter of those who are held alive here; but `me` and who has left
  /// there. Nothing is said of who is not held alive here.
  mutating func merge(_ said: ContiguousArray<UInt32>, except me: Int, now: Int64) {
    let moment = moment(now)
    let own = (beats[me], rises[me])
    let count = min(said.count, beats.count)
    let left = UInt32(Belief.left.rawValue) << 30
    said.withUnsafeBufferPointer { said in
      beats.withUnsafeMutableBufferPointer { beats in
        rises.withUnsafeMutableBufferPointer { rises in
          for index in 0..<count {
            let held = beats[index]
            let counter = said[index] < left ? said[index] & Self.counterMask : 0
            // A belief other than alive is above every counter.
            let isNews = counter > held
            beats[index] = isNews ? counter : held
            rises[index] = isNews ? moment : rises[index]
          }
        }
      }
    }
    (beats[me], rises[me]) = own
  }

  /// The same, and gives those whose counters rose to `risen`, by number.
  mutating func merge(
    _ said: ContiguousArray<UInt32>, except me: Int, now: Int64, _ risen: (Rise) -> Void
  ) {
    let moment = moment(now)
    let left = UInt32(Belief.left.rawValue) << 30
    said.withUnsafeBufferPointer { said in
      beats.withUnsafeMutableBufferPointer { beats in
        rises.withUnsafeMutableBufferPointer { rises in
          for index in 0..<min(said.count, beats.count) where said[index] < left {
            let counter = said[index] & Self.counterMask
            guard counter > beats[index], index != me, rises[index] != Self.noMoment else {
              continue
            }
            risen(Rise(node: NodeID(UInt16(index)), before: moments[Int(rises[index])]))
            beats[index] = counter
            rises[index] = moment
          }
        }
      }
    }
  }

  /// As `merge` of entries from place `first` on: gives those whose counters rose to `risen` as it
  /// comes to them, and ends before an entry that needs a closer look: of `me`, of who is not held alive
  /// here, or after a restart.
  ///
  /// - Returns: the place of that entry, or the end.
  mutating func merge(
    _ entries: ContiguousArray<GossipEntry>, from first: Int, except me: Int, now: Int64,
    _ risen: (Rise) -> Void
  ) -> Int {
    let moment = moment(now)
    return entries.withUnsafeBufferPointer { entries in
      beats.withUnsafeMutableBufferPointer { beats in
        rises.withUnsafeMutableBufferPointer { rises in
          for place in first..<entries.count {
            let index = entries[place].node.index
            guard index < beats.count, index != me, beats[index] <= Self.counterMask,
              entries[place].incarnation == MembershipTable.usual(entries[place].counter),
              rises[index] != Self.noMoment
            else { return place }
            if entries[place].counter > beats[index] {
              risen(Rise(node: entries[place].node, before: moments[Int(rises[index])]))
              beats[index] = entries[place].counter
              rises[index] = moment
            }
          }
          return entries.count
        }
      }
    }
  }

  // MARK: Moments

  /// The number of a moment, not before any other.
  @inline(__always)
  private mutating func moment(_ now: Int64) -> UInt16 {
    if let last = moments.last, last >= now { return number(of: now) }
    return newMoment(now)
  }

  /// Tables begin with the times at which their members joined, which come in any order.
  private mutating func number(of time: Int64) -> UInt16 {
    if moments[moments.count - 1] == time { return UInt16(moments.count - 1) }
    let place = moments.firstIndex { $0 >= time }!
    if moments[place] == time { return UInt16(place) }
    makeRoom()
    return insert(time)
  }

  private mutating func insert(_ time: Int64) -> UInt16 {
    let place = moments.firstIndex { $0 >= time } ?? moments.count
    moments.insert(time, at: place)
    let number = UInt16(place)
    for index in rises.indices where rises[index] != Self.noMoment && rises[index] >= number {
      rises[index] += 1
    }
    for index in held.indices where held[index] != Self.noMoment && held[index] >= number {
      held[index] += 1
    }
    return number
  }

  @inline(never)
  private mutating func newMoment(_ now: Int64) -> UInt16 {
    makeRoom()
    moments.append(now)
    return UInt16(moments.count - 1)
  }

  /// Every host names two moments at most, so that dropping the others always makes room: there are
  /// no more than 20 000 hosts.
  private mutating func makeRoom() {
    guard moments.count >= momentLimit else { return }
    var isNamed = ContiguousArray(repeating: false, count: moments.count)
    for rise in rises where rise != Self.noMoment { isNamed[Int(rise)] = true }
    for since in held where since != Self.noMoment { isNamed[Int(since)] = true }
    var numbers = ContiguousArray(repeating: UInt16(0), count: moments.count)
    var kept = 0
    for place in moments.indices where isNamed[place] {
      moments[kept] = moments[place]
      numbers[place] = UInt16(kept)
      kept += 1
    }
    moments.removeLast(moments.count - kept)
    for index in rises.indices where rises[index] != Self.noMoment {
      rises[index] = numbers[Int(rises[index])]
    }
    for index in held.indices where held[index] != Self.noMoment {
      held[index] = numbers[Int(held[index])]
    }
    momentLimit = min(max(256, 2 * kept), Int(Self.noMoment))
  }
}
