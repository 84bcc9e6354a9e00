/// Doubly linked lists through small whole numbers, such as slots or keys: each number is in one
/// list of a family or in none. Nothing is allocated once the largest number has been seen.
struct LinkedNumbers {
  /// One list of a family, from the number that came first to the one that came last.
  struct List {
    fileprivate(set) var oldest = LinkedNumbers.none
    fileprivate(set) var newest = LinkedNumbers.none
    fileprivate(set) var count = 0
  }

  /// No number.
  static var none: Int32 { -1 }
  private static var absent: Int32 { -2 }

  private var links: ContiguousArray<(older: Int32, newer: Int32)> = []

  /// Whether the number is in a list of the family.
  @inline(__always)
  func contains(_ number: Int32) -> Bool {
    Int(number) < links.count && links[Int(number)].older != Self.absent
  }

  /// The number that came next into the same list, or `none`.
  @inline(__always)
  func newer(than number: Int32) -> Int32 { links[Int(number)].newer }

  /// Puts a number that is in no list at the young end.
  @inline(__always)
  mutating func append(_ number: Int32, to list: inout List) {
    while links.count <= Int(number) { links.append((Self.absent, Self.absent)) }
    links[Int(number)] = (older: list.newest, newer: Self.none)
    if list.newest == Self.none {
      list.oldest = number
    } else {
      links[Int(list.newest)].newer = number
    }
    list.newest = number
    list.count += 1
  }

  /// Takes a number out of the list that it is in.
  @inline(__always)
  mutating func remove(_ number: Int32, from list: inout List) {
    let (older, newer) = links[Int(number)]
    if older == Self.none { list.oldest = newer } else { links[Int(older)].newer = newer }
    if newer == Self.none { list.newest = older } else { links[Int(newer)].older = older }
    links[Int(number)] = (Self.absent, Self.absent)
    list.count -= 1
  }

  /// Takes the oldest out; the list must not be empty.
  @inline(__always)
  mutating func removeOldest(of list: inout List) -> Int32 {
    let number = list.oldest
    remove(number, from: &list)
    return number
  }

  /// Moves a number of the list to its young end.
  @inline(__always)
  mutating func renew(_ number: Int32, in list: inout List) {
    guard number != list.newest else { return }
    remove(number, from: &list)
    append(number, to: &list)
  }
}
