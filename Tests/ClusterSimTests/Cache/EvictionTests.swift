import Testing

@testable import ClusterSim

/// A Zipf trace of its own: the cumulative weights searched by halves.
private func zipf(_ theta: Double, keys: Int, requests: Int, seed: UInt64) -> [UInt32] {
  var sums: [Double] = []
  var sum = 0.0
  for rank in 1...keys {
    sum += Elementary.power(Double(rank), -theta)
    sums.append(sum)
  }
  var stream = RandomStream(seed: seed, purpose: 77)
  return (0..<requests).map { _ in
    let wanted = stream.unit() * sum
    var (low, high) = (0, keys - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return UInt32(low)
  }
}

private func trace(_ requests: some Sequence<UInt32>) -> CacheTrace {
  var trace = CacheTrace()
  for key in requests { trace.append("k\(key)") }
  return trace
}

@Suite struct EvictionTests {
  @Test func policies_agreeWithPlainModels_onRandomRequestsAndWrites() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 6)
      for policy in Settings.Policy.allCases {
        let capacity = 1 + stream.below(60)
        let keys = 2 + stream.below(3 * capacity)
        let writes = seed % 3 == 0 ? stream.below(20) : 0
        var plain = plainCache(policy, capacity: capacity)
        var store = CacheStore(policy: policy)
        for step in 0..<2000 {
          // The lesser of two draws: some keys are asked for more often.
          let key = UInt32(min(stream.below(keys), stream.below(keys)))
          if stream.below(100) < writes {
            store.invalidate(key)
            plain.remove(key)
            continue
          }
          let hit = store.get(key, now: 0, ttl: 1, policy: policy) != nil
          if !hit { store.fill(key, .initial, now: 0, capacity: capacity) }
          guard hit == plain.get(key), store.count == plain.count else {
            Issue.record("seed \(seed) \(policy) capacity \(capacity), request \(step)")
            break
          }
        }
      }
    }
  }

  @Test func smallerCapacity_takesEffectAtOnce_andLaterRequestsGoOn() {
    for policy in Settings.Policy.allCases {
      var store = CacheStore(policy: policy)
      var stream = RandomStream(seed: 4, purpose: 6)
      for capacity in [50, 7, 1, 30] {
        store.shrink(to: capacity)
        #expect(store.count <= capacity)
        for _ in 0..<500 {
          let key = UInt32(stream.below(80))
          if store.get(key, now: 0, ttl: 1, policy: policy) == nil {
            store.fill(key, .initial, now: 0, capacity: capacity)
          }
          #expect(store.count <= capacity)
        }
        #expect(store.count > capacity / 2)
      }
      #expect(store.hits + store.misses == 2000)
    }
  }

  /// The objects stay when the policy changes: whoever was there is a hit.
  @Test func changedPolicy_keepsTheObjects() {
    for old in Settings.Policy.allCases {
      for new in Settings.Policy.allCases {
        var store = CacheStore(policy: old)
        for key in 0..<10 as Range<UInt32> {
          store.fill(key, .initial, now: Int64(key), capacity: 10)
        }
        store.invalidate(4)
        for key in 0..<10 as Range<UInt32> {
          let isHit = store.get(key, now: 20, ttl: 100, policy: new) != nil
          #expect(isHit == (key != 4), "\(old) to \(new), \(key)")
        }
        for key in 10..<30 as Range<UInt32> {
          store.fill(key, .initial, now: 20, capacity: 10)
          #expect(store.count <= 10)
        }
      }
    }
  }

  /// facts.md section 5, for orientation: another trace of the same kind, so 0.012 either way.
  @Test func hitRatios_onAZipfTrace_areThoseOfTheFacts() {
    let facts: [(Settings.Policy, Double)] = [
      (.fifo, 0.512), (.lru, 0.568), (.clock, 0.583), (.arc, 0.635), (.lfu, 0.643),
      (.s3fifo, 0.651), (.sieve, 0.658),
    ]
    for seed in 1...2 as ClosedRange<UInt64> {
      let trace = trace(zipf(0.99, keys: 1000, requests: 50_000, seed: seed))
      var last = 0.0
      for (policy, expected) in facts {
        let ratio = Double(trace.play(policy, capacity: 100)) / 50_000
        #expect(abs(ratio - expected) < 0.012, "\(policy): \(ratio)")
        // In the order of the facts, but for those that are closer than their noise.
        #expect(ratio > last - 0.012, "\(policy): \(ratio)")
        last = ratio
      }
      let optimum = Double(ClairvoyantOptimum(trace).play(capacity: 100)) / 50_000
      #expect(abs(optimum - 0.750) < 0.012, "optimum \(optimum)")
    }
  }
}

@Suite struct ClairvoyantOptimumTests {
  /// Belady's anomaly, from the textbook.
  @Test func beladysTrace_faultsAsInTheTextbook() {
    let trace = trace([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5])
    #expect(12 - trace.play(.fifo, capacity: 3) == 9 && 12 - trace.play(.fifo, capacity: 4) == 10)
    #expect(12 - trace.play(.lru, capacity: 3) == 10 && 12 - trace.play(.lru, capacity: 4) == 8)
    let optimum = ClairvoyantOptimum(trace)
    #expect(12 - optimum.play(capacity: 3) == 7 && 12 - optimum.play(capacity: 4) == 6)
  }

  /// The most hits over every choice of who leaves.
  private func bruteForce(_ requests: ArraySlice<UInt32>, _ inside: Set<UInt32>, _ capacity: Int)
    -> Int
  {
    guard let key = requests.first else { return 0 }
    let rest = requests.dropFirst()
    if inside.contains(key) { return 1 + bruteForce(rest, inside, capacity) }
    if inside.count < capacity { return bruteForce(rest, inside.union([key]), capacity) }
    return inside.map { bruteForce(rest, inside.subtracting([$0]).union([key]), capacity) }.max()!
  }

  @Test func tinyTraces_reachWhatEveryChoiceCouldReach() {
    for seed in 1...60 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 8)
      let keys = 3 + stream.below(3)
      let capacity = 1 + stream.below(3)
      let requests = (0..<10).map { _ in UInt32(stream.below(keys)) }
      #expect(
        ClairvoyantOptimum(trace(requests)).play(capacity: capacity)
          == bruteForce(requests[...], [], capacity), "seed \(seed)")
    }
  }

  @Test func optimum_isAtLeastEveryPolicy_andMoreRoomNeverHurtsIt() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 9)
      let theta = 0.3 + stream.unit()
      let trace = trace(zipf(theta, keys: 200, requests: 2000, seed: seed))
      let optimum = ClairvoyantOptimum(trace)
      var before = 0
      for capacity in [1, 2, 5, 10, 40, 199, 200] {
        let best = optimum.play(capacity: capacity)
        for policy in Settings.Policy.allCases {
          #expect(best >= trace.play(policy, capacity: capacity), "\(seed) \(policy) \(capacity)")
        }
        #expect(best >= before)
        before = best
      }
      // With room for all only first requests miss.
      #expect(before == 2000 - trace.keyCount)
    }
  }

  @Test func eachRequest_isReported_andPlayStopsWhenTold() {
    let trace = trace([1, 1, 2, 1, 2])
    var bits: [Bool] = []
    trace.play(.lru, capacity: 1) {
      bits.append($0)
      return true
    }
    #expect(bits == [false, true, false, false, false])
    bits = []
    ClairvoyantOptimum(trace).play(capacity: 2) {
      bits.append($0)
      return bits.count < 4
    }
    #expect(bits == [false, true, false, true])
  }
}

@Suite struct KeyInternerTests {
  @Test func texts_getNumbersInOrderOfAppearance_andKeepTheirBytes() {
    var keys = KeyInterner()
    var numbers: [String: UInt32] = [:]
    var stream = RandomStream(seed: 1, purpose: 1)
    for _ in 0..<20_000 {
      let text = stream.below(50) == 0 ? "" : "key\(stream.below(5000))é"
      var copy = text
      let number = copy.withUTF8 { keys.number(of: UnsafeRawBufferPointer($0)) }
      if let known = numbers[text] {
        #expect(number == known)
      } else {
        #expect(number == UInt32(numbers.count))
        numbers[text] = number
      }
    }
    #expect(keys.count == numbers.count && keys.count > 4000)
    for (text, number) in numbers {
      #expect(keys.withBytes(of: number) { Array($0) } == Array(text.utf8))
    }
  }
}
