import Testing

@testable import ClusterSim

@Suite struct SlabTests {
  @Test func randomUse_agreesWithADictionary() {
    for seed in 0..<10 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 1)
      var slab = PayloadSlab<[UInt64]>()
      var model: [UInt64: [UInt64]] = [:]
      var void: [UInt64] = []
      for _ in 0..<2000 {
        let live = model.keys.sorted()
        switch stream.below(3) {
        case 0:
          let value = [stream.next()]
          let handle = slab.insert(value)
          #expect(model.updateValue(value, forKey: handle) == nil)
        case 1 where !live.isEmpty:
          let handle = stream.pick(live)
          #expect(slab.remove(handle) == model.removeValue(forKey: handle))
          void.append(handle)
        case 2 where !live.isEmpty:
          let handle = stream.pick(live)
          slab[handle].append(7)
          model[handle]!.append(7)
        default: break
        }
        #expect(slab.count == model.count)
      }
      var visited: [UInt64: [UInt64]] = [:]
      slab.visit { visited[$0] = $1 }
      #expect(visited == model)
      for (handle, value) in model { #expect(slab[handle] == value && slab.contains(handle)) }
      // A void handle is always told apart, however often its place was used again.
      for handle in void { #expect(!slab.contains(handle)) }
    }
  }

  @Test func aVoidHandle_stops() async {
    await #expect(processExitsWith: .failure) {
      var slab = Slab<Int>()
      let first = slab.insert(1)
      slab.remove(first)
      _ = slab.insert(2)
      _ = slab[first]
    }
    await #expect(processExitsWith: .failure) {
      var slab = Slab<Int>()
      let first = slab.insert(1)
      slab.remove(first)
      slab.remove(first)
    }
  }

  @Test func visit_goesInTheOrderOfPlaces() {
    var slab = Slab<Int>()
    let handles = (0..<5).map { slab.insert($0) }
    slab.remove(handles[1])
    slab.remove(handles[3])
    _ = slab.insert(30)
    _ = slab.insert(10)
    var values: [Int] = []
    slab.visit { _, value in values.append(value) }
    #expect(values == [0, 10, 2, 30, 4])
  }
}
