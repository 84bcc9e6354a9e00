// The second phase of a read (Attiya, Bar-Noy, Dolev, "Sharing memory robustly in message-passing
// systems", JACM 1995): what is answered lies on a write quorum first, so no later read sees less.
extension Settings.Storage {
  /// How many replicas hold what a read answers with; nil where reads do not write back: it is off, or
  /// a level goes by location, whose reads need none or would wait for other replicas.
  var writeBackQuorum: Int? {
    guard readWriteBack, !readLevel.goesByLocation else {
      return nil
    }
    return writeLevel.answers(n: n, count: w)
  }
}

extension Simulation {
  /// Whether a read that has heard enough must still write back; begins it where it has not.
  ///
  /// A target that has answered with the version counts as written. Where nothing was found there is
  /// nothing to write.
  @inline(__always)
  mutating func writesBackFirst(_ handle: UInt64) -> Bool {
    guard settings.storage.readWriteBack, coordinations[handle].kind == .read,
      !coordinations[handle].replied, !coordinations[handle].writesBack, !has(.omitsWriteBack),
      let quorum = settings.storage.writeBackQuorum
    else { return false }
    return writeBack(handle, to: quorum)
  }

  private mutating func writeBack(_ handle: UInt64, to quorum: Int) -> Bool {
    guard coordinations[handle].entry.version > .initial,
      coordinations[handle].currentCount < quorum
    else { return false }
    let behind = coordinations[handle].beginWriteBack(to: quorum)
    readsWrittenBack += 1
    let coordination = coordinations[handle]
    for place in 0..<Int(coordination.targetCount) where behind >> UInt32(place) & 1 == 1 {
      send(
        Message(
          kind: .replicaWrite, from: coordination.coordinator, to: coordination.targets[place],
          handle: handle, tag: coordination.trace, key: coordination.key,
          other: coordination.meantFor[place],
          place: UInt8(place), entry: coordination.entry))
    }
    return true
  }
}
