/// A hot ("celebrity") key kept in several copies under names of its own, so that they live on
/// different nodes: the key itself and `KEY~2`, `KEY~3`, …
///
/// Clients read any one copy and write every copy: reads spread, each write costs as many as there
/// are copies. Each copy is a key like any other, and judged as one. A copy is read only after a
/// client has been told that a write to it was done: before, it does not hold the key's value.
struct KeySplit: Equatable, Sendable {
  /// How many splits a cluster holds at once, and copies a split.
  static let limit = 16
  static let copyLimit = 64

  let key: UInt32
  /// The key itself first.
  let copies: [UInt32]
  /// Those that may be read.
  var filled: [UInt32]
}

extension Simulation {
  /// Spreads a key over so many copies and writes to each new one; over one takes the split back, the
  /// copies stay unused.
  mutating func split(
    _ key: String, _ count: Int, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard let number = keys.number(of: key) else {
      throw ActionError("there is no key \(key) yet")
    }
    guard (1...KeySplit.copyLimit).contains(count) else {
      throw ActionError("a key is split over 1 to \(KeySplit.copyLimit) copies")
    }
    let others = splits.filter { $0.key != number }
    guard others.count < KeySplit.limit else {
      throw ActionError("no more than \(KeySplit.limit) keys are split at once")
    }
    guard !others.contains(where: { $0.copies.contains(number) }) else {
      throw ActionError("\(key) is a copy of a split key")
    }
    guard keys.count + count <= Self.keyLimit else {
      throw ActionError("no more than \(Self.keyLimit) keys")
    }
    note(who, action.text)
    splits = others
    splitRevision += 1
    if count == 1 { return }
    var copies = [number]
    for copy in 2...count { copies.append(learn("\(key)~\(copy)")) }
    splits.append(KeySplit(key: number, copies: copies, filled: [number]))
    for copy in copies.dropFirst() { beginOperation(.write, key: copy, location: 0, via: nil) }
  }

  /// Begins what the workload asks for, at the copies of a key that is split.
  @inline(never)
  mutating func beginSplit(_ kind: Operation.Kind, key: UInt32, location: Int) {
    guard let split = splits.first(where: { $0.key == key }) else {
      beginOperation(kind, key: key, location: location, via: nil)
      return
    }
    switch kind {
    case .read:
      let copy = split.filled[splitStream.below(split.filled.count)]
      beginOperation(.read, key: copy, location: location, via: nil)
    case .write:
      for copy in split.copies { beginOperation(.write, key: copy, location: location, via: nil) }
    }
  }

  /// A write was acknowledged: where it was to a copy, that may be read from now on.
  mutating func noteFilled(_ key: UInt32) {
    for index in splits.indices
    where splits[index].copies.contains(key) && !splits[index].filled.contains(key) {
      splits[index].filled.append(key)
      splitRevision += 1
    }
  }

  /// Copies a key is kept in; 1 where it is not split.
  public func copies(ofKey key: String) -> Int {
    guard let number = keys.number(of: key) else { return 1 }
    return splits.first { $0.key == number }?.copies.count ?? 1
  }

  static var keyLimit: Int { 2_000_000 }

  /// The number of a key; a new one gets its homes and its initial version.
  mutating func learn(_ key: String) -> UInt32 {
    let known = keys.number(of: key) != nil
    let number = keys.intern(key)
    if !known {
      placement.learn(keys)
      move?.target.learn(keys)
      sharded?.learn(keys)
      preload(number)
    }
    return number
  }
}
