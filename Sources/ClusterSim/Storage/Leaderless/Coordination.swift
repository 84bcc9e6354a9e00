/// One request under way at its coordinator (Dynamo section 4.5): who was asked, who answered.
///
/// It knows nothing of messages or time; `Simulation+Leaderless` sends what its answers ask for.
struct Coordination {
  enum Kind: UInt8 { case read, write }
  /// N up to 16, and as many again while a node joins or leaves.
  static let maxTargets = 32

  let kind: Kind
  let coordinator: UInt16
  /// Who waits for the answer, with its own handle: a client or a cache server.
  let requester: UInt16
  let requesterTag: UInt64
  let key: UInt32
  private(set) var needed: UInt8
  let began: Int64
  /// When the first replica answered; 0 before.
  var firstAnswer: Int64 = 0
  /// A write's version and value; a read's newest answer so far.
  var entry: Versioned
  private(set) var targetCount: UInt8 = 0
  /// Targets from here on are asked without counting: new homes of a move under way.
  private(set) var countedTargets: UInt8 = 0
  private(set) var targets: InlineArray<32, UInt16> = InlineArray(repeating: 0)
  /// For a stand-in the home it stands in for, else the target itself.
  private(set) var meantFor: InlineArray<32, UInt16> = InlineArray(repeating: 0)
  private(set) var answered: UInt32 = 0
  /// Read: targets that answered with the newest version seen.
  private(set) var current: UInt32 = 0
  private(set) var counted: UInt8 = 0
  private(set) var refused: UInt8 = 0
  /// Read that writes back: it has its answer and gets it to the write quorum (ABD's second phase).
  private(set) var writesBack = false
  private(set) var refusedPlaces: UInt32 = 0
  /// Waits for a majority in every location, not for a number of answers.
  var waitsForEach = false
  /// The client operation's trace; 0 where it is known no more.
  var trace: UInt64 = 0
  /// Messages to other hosts on its behalf, and their answers; replicas asked are in `remote`.
  var hops: UInt8 = 0
  private(set) var remote: UInt32 = 0
  /// The requester has its answer.
  var replied = false

  init(
    kind: Kind, coordinator: NodeID, requester: UInt16, requesterTag: UInt64, key: UInt32,
    needed: Int, began: Int64, entry: Versioned
  ) {
    self.kind = kind
    self.coordinator = coordinator.rawValue
    self.requester = requester
    self.requesterTag = requesterTag
    self.key = key
    self.needed = UInt8(needed)
    self.began = began
    self.entry = entry
  }

  mutating func add(target: NodeID, meantFor home: NodeID, counts: Bool) {
    let place = Int(targetCount)
    guard place < Self.maxTargets else { return }
    targets[place] = target.rawValue
    meantFor[place] = home.rawValue
    targetCount += 1
    if counts { countedTargets += 1 }
  }

  /// A target on another host has been asked.
  @inline(__always)
  mutating func noteRemote(_ place: Int) { remote |= 1 << UInt32(place) }

  /// Messages between hosts that it took so far.
  var messages: UInt8 {
    hops &+ UInt8(remote.nonzeroBitCount + (remote & answered).nonzeroBitCount)
  }

  /// What every target is asked; whom it goes to is still to be set.
  @inline(__always)
  func question(_ handle: UInt64) -> Message {
    Message(
      kind: kind == .read ? .replicaRead : .replicaWrite, from: coordinator, to: 0, handle: handle,
      tag: trace, key: key, entry: entry)
  }

  func asks(_ node: NodeID) -> Bool {
    for place in 0..<Int(targetCount) where targets[place] == node.rawValue { return true }
    return false
  }

  /// Whether it is asked itself or somebody stands in for it.
  func isAsked(for home: NodeID) -> Bool {
    for place in 0..<Int(targetCount) where meantFor[place] == home.rawValue { return true }
    return false
  }

  /// Leaves `count` counted targets, chosen at random; before any is asked.
  mutating func narrow(to count: Int, _ stream: inout RandomStream) {
    precondition(targetCount == countedTargets, "narrowed after the homes to come were added")
    while Int(targetCount) > count {
      let place = stream.below(Int(targetCount))
      targetCount -= 1
      targets[place] = targets[Int(targetCount)]
      meantFor[place] = meantFor[Int(targetCount)]
    }
    countedTargets = targetCount
  }

  /// Counted targets that showed the newest version seen.
  var currentCount: Int { (current & (1 << UInt32(countedTargets) - 1)).nonzeroBitCount }

  /// The read has heard enough: from now on an answer counts that shows the newest version seen, or
  /// a newer one, on the target's disk. Gives the places to write to.
  mutating func beginWriteBack(to quorum: Int) -> UInt32 {
    writesBack = true
    needed = UInt8(quorum)
    answered = current
    refused = 0
    counted = UInt8(currentCount)
    return ~current & (1 << UInt32(targetCount) - 1)
  }

  @inline(__always)
  func hasAnswered(_ place: Int) -> Bool { answered >> UInt32(place) & 1 == 1 }

  var everyoneAnswered: Bool { answered.nonzeroBitCount == Int(targetCount) }

  /// Enough counted answers are here.
  @inline(__always)
  var isSatisfied: Bool { counted >= needed }

  /// So many counted targets refused or stay silent for good that `needed` is out of reach.
  var isHopeless: Bool { countedTargets - refused < needed }

  /// A write's acknowledgement. False where it came twice; `countsTwice` is a planted bug.
  @inline(__always)
  mutating func acknowledge(_ place: Int, countsTwice: Bool = false) -> Bool {
    guard countsTwice || !hasAnswered(place) else { return false }
    answered |= 1 << UInt32(place)
    if writesBack { current |= 1 << UInt32(place) }
    if place < Int(countedTargets) { counted += 1 }
    return true
  }

  /// A read's answer; the newest version wins.
  @inline(__always)
  mutating func receive(_ found: Versioned, from place: Int) -> Bool {
    if writesBack { return entry.version <= found.version && acknowledge(place) }
    guard acknowledge(place) else { return false }
    let bit: UInt32 = 1 << UInt32(place)
    if entry.version < found.version {
      entry = found
      current = bit
    } else if entry.version == found.version {
      current |= bit
    }
    return true
  }

  /// As `receive`, where answers are joined: `all` is what was seen so far with this answer.
  mutating func receive(_ found: Versioned, joined all: Versioned, from place: Int) -> Bool {
    guard acknowledge(place) else { return false }
    if all != entry {
      entry = all
      current = 0
    }
    if found == all { current |= 1 << UInt32(place) }
    return true
  }

  /// A target's full queue turned the request away.
  mutating func refuse(_ place: Int) {
    guard !hasAnswered(place) else { return }
    answered |= 1 << UInt32(place)
    refusedPlaces |= 1 << UInt32(place)
    if place < Int(countedTargets) { refused += 1 }
  }

  /// Places that answered and did not refuse.
  var accepted: UInt32 { answered & ~refusedPlaces }

  /// A read to which all answered: some of them with less than the newest version seen.
  @inline(__always)
  var leavesWork: Bool { kind == .read && answered & ~current != 0 }

  /// Read: whether the target answered with less than the newest version seen.
  func isBehind(_ place: Int) -> Bool {
    hasAnswered(place) && current >> UInt32(place) & 1 == 0
  }
}
