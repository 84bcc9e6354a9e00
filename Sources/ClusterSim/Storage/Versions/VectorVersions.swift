/// The state of `storage.versions` = `vector`, beside the sets that disks hold.
struct VectorVersions {
  var table = SiblingTable()
  /// By location and key: the set that the location's clients have read or written last. They share
  /// what they know, as they share connections.
  private var contexts: ContiguousArray<ContiguousArray<UInt32>> = []
  /// By location and key: a client is writing a merged version back.
  private var merging: ContiguousArray<ContiguousArray<Bool>> = []
  /// By key: the acknowledged versions that no other one replaced.
  private var acknowledged: ContiguousArray<UInt32> = []
  var figures = SiblingFigures()

  func context(_ location: Int, _ key: UInt32) -> UInt32 {
    guard location < contexts.count, Int(key) < contexts[location].count else { return 0 }
    return contexts[location][Int(key)]
  }

  mutating func learn(_ set: UInt32, _ location: Int, _ key: UInt32) {
    while contexts.count <= location { contexts.append([]) }
    Self.grow(&contexts[location], to: Int(key), with: 0)
    contexts[location][Int(key)] = table.join(contexts[location][Int(key)], set)
  }

  /// Whether a client of the location may begin to merge; one at a time for each key.
  mutating func beginMerge(_ location: Int, _ key: UInt32) -> Bool {
    while merging.count <= location { merging.append([]) }
    Self.grow(&merging[location], to: Int(key), with: false)
    defer { merging[location][Int(key)] = true }
    return !merging[location][Int(key)]
  }

  mutating func endMerge(_ location: Int, _ key: UInt32) {
    guard location < merging.count, Int(key) < merging[location].count else { return }
    merging[location][Int(key)] = false
  }

  func acknowledged(_ key: UInt32) -> UInt32 {
    Int(key) < acknowledged.count ? acknowledged[Int(key)] : 0
  }

  /// A client was told that the write is done. Gives whether others, acknowledged and unknown to
  /// it, stay beside it.
  mutating func acknowledge(_ write: Versioned, key: UInt32, at now: Int64) -> Bool {
    Self.grow(&acknowledged, to: Int(key), with: 0)
    table.change(write.set, value: write.value) { $0.acknowledged = now }
    acknowledged[Int(key)] = table.join(acknowledged[Int(key)], write.set)
    return table.size(acknowledged[Int(key)]) > 1
  }

  /// Visits every set that is in use here.
  func visit(_ body: (UInt32) -> Void) {
    for location in contexts { location.forEach(body) }
    acknowledged.forEach(body)
  }

  private static func grow<Value>(
    _ array: inout ContiguousArray<Value>, to index: Int, with value: Value
  ) {
    if index < array.count { return }
    array.append(
      contentsOf: repeatElement(value, count: max(index + 1, 2 * array.count) - array.count))
  }
}

/// What vector versions counted.
public struct SiblingFigures: Sendable, Equatable {
  /// Reads that returned more than one version.
  public internal(set) var readsWithSiblings = 0
  /// Most versions that one read returned or one disk held of a key.
  public internal(set) var mostSiblings = 0
  /// Writes that replaced more than one version.
  public internal(set) var merges = 0
  /// Clock entries dropped beyond `storage.vector_limit`.
  public internal(set) var truncations = 0
}
