/// News about one member, passed on with other messages.
struct Rumour: Equatable {
  var about: NodeID
  var belief: Belief
  var incarnation: UInt32
  /// Who suspected it: only independent suspicions confirm each other.
  var from: NodeID
}

/// Rumours that a node still passes on, each a bounded number of times (SWIM, section 4.1): those
/// passed on least often first, and among those the newest.
struct Rumours {
  private struct Item {
    var rumour: Rumour
    var sent = 0
    var number: UInt32
  }
  private var items: ContiguousArray<Item> = []
  private var number: UInt32 = 0

  var count: Int { items.count }

  /// `mult * ceil(log10(n + 1))` times for a group of `members` (memberlist `util.go`).
  static func limit(mult: Int, members: Int) -> Int {
    var digits = 0
    var reach = 1
    while reach < members + 1 {
      reach *= 10
      digits += 1
    }
    return mult * digits
  }

  /// Passes a rumour on from now; it takes the place of any other about the same member.
  mutating func spread(_ rumour: Rumour) {
    number &+= 1
    let item = Item(rumour: rumour, number: number)
    if let place = items.firstIndex(where: { $0.rumour.about == rumour.about }) {
      items[place] = item
    } else {
      items.append(item)
    }
  }

  /// Appends at most `most` rumours for one message and counts them as sent.
  mutating func take(most: Int, limit: Int, into packet: inout ContiguousArray<Rumour>) {
    if items.isEmpty { return }
    if items.count > most {
      items.sort { ($0.sent, $1.number) < ($1.sent, $0.number) }
    }
    for place in 0..<min(most, items.count) {
      packet.append(items[place].rumour)
      items[place].sent += 1
    }
    items.removeAll { $0.sent >= limit }
  }
}
