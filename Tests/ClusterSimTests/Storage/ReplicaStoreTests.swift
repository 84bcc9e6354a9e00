import Testing

@testable import ClusterSim

@Suite struct ReplicaStoreTests {
  /// Against a dictionary, with key numbers near and far apart, so that it changes between its forms.
  @Test func randomChanges_areThoseOfADictionary() {
    for (seed, keys) in [8, 60, 1000, 100_000].enumerated() {
      var stream = RandomStream(seed: UInt64(seed), purpose: 91)
      var store = ReplicaStore()
      var model: [UInt32: Versioned] = [:]
      for step in 0..<4000 {
        // At first a few keys, then more and more of them.
        let key = UInt32(stream.below(max(1, keys * (1 + step % 1000) / 1000)))
        let entry = Versioned(
          version: Version(time: Int64(stream.below(1000)), node: 1), value: UInt64(step))
        switch stream.below(8) {
        case 0:
          store.remove(key)
          model[key] = nil
        case 1:
          store.replace(entry, at: key)
          model[key] = entry
        case 2:
          store.replace(.none, at: key)
          model[key] = nil
        case 3 where step % 500 == 0:
          store.removeAll()
          model = [:]
        default:
          let isNewer = model[key].map { $0.version < entry.version } ?? true
          #expect(store.apply(entry, to: key) == isNewer)
          if isNewer { model[key] = entry }
        }
        #expect(store.get(key) == model[key] ?? .none)
        #expect(store.count == model.count)
      }
      var visited: [UInt32] = []
      store.visit { key, entry in
        visited.append(key)
        #expect(model[key] == entry)
      }
      #expect(visited == model.keys.sorted())
    }
  }
}
