@testable import ClusterSim

/// Each policy once more on plain arrays, the oldest first, written down from its paper as slowly
/// and plainly as can be.
protocol PlainCache {
  init(capacity: Int)
  /// Whether it was a hit; a miss fills.
  mutating func get(_ key: UInt32) -> Bool
  mutating func remove(_ key: UInt32)
  var count: Int { get }
}

func plainCache(_ policy: Settings.Policy, capacity: Int) -> any PlainCache {
  switch policy {
  case .lru: PlainLine(capacity: capacity, movesOnHit: true)
  case .fifo: PlainLine(capacity: capacity, movesOnHit: false)
  case .lfu: PlainLFU(capacity: capacity)
  case .clock: PlainClock(capacity: capacity)
  case .sieve: PlainSieve(capacity: capacity)
  case .s3fifo: PlainS3(capacity: capacity)
  case .s3fifoLib: PlainLibraryS3(capacity: capacity)
  case .arc: PlainARC(capacity: capacity)
  }
}

/// LRU and FIFO.
struct PlainLine: PlainCache {
  let capacity: Int
  var movesOnHit = true
  var line: [UInt32] = []
  var count: Int { line.count }
  init(capacity: Int) { self.capacity = capacity }
  init(capacity: Int, movesOnHit: Bool) {
    self.capacity = capacity
    self.movesOnHit = movesOnHit
  }
  mutating func get(_ key: UInt32) -> Bool {
    guard let place = line.firstIndex(of: key) else {
      if line.count == capacity { line.removeFirst() }
      line.append(key)
      return false
    }
    if movesOnHit { line.append(line.remove(at: place)) }
    return true
  }
  mutating func remove(_ key: UInt32) { line.removeAll { $0 == key } }
}

struct PlainLFU: PlainCache {
  let capacity: Int
  var objects: [(key: UInt32, requests: Int, last: Int)] = []
  var time = 0
  var count: Int { objects.count }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    time += 1
    if let place = objects.firstIndex(where: { $0.key == key }) {
      objects[place].requests += 1
      objects[place].last = time
      return true
    }
    if objects.count == capacity {
      let least = objects.indices.min {
        (objects[$0].requests, objects[$0].last) < (objects[$1].requests, objects[$1].last)
      }!
      objects.remove(at: least)
    }
    objects.append((key, 1, time))
    return false
  }
  mutating func remove(_ key: UInt32) { objects.removeAll { $0.key == key } }
}

struct PlainClock: PlainCache {
  let capacity: Int
  var line: [(key: UInt32, bit: Bool)] = []
  var count: Int { line.count }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    if let place = line.firstIndex(where: { $0.key == key }) {
      line[place].bit = true
      return true
    }
    if line.count == capacity {
      while line[0].bit { line.append((line.removeFirst().key, false)) }
      line.removeFirst()
    }
    line.append((key, false))
    return false
  }
  mutating func remove(_ key: UInt32) { line.removeAll { $0.key == key } }
}

struct PlainSieve: PlainCache {
  let capacity: Int
  var line: [UInt32] = []
  var visited: Set<UInt32> = []
  var hand: UInt32?
  var count: Int { line.count }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    if line.contains(key) {
      visited.insert(key)
      return true
    }
    if line.count == capacity {
      var place = hand.map { line.firstIndex(of: $0)! } ?? 0
      while visited.remove(line[place]) != nil { place = (place + 1) % line.count }
      hand = place + 1 < line.count ? line[place + 1] : nil
      line.remove(at: place)
    }
    line.append(key)
    return false
  }
  mutating func remove(_ key: UInt32) {
    guard let place = line.firstIndex(of: key) else { return }
    if hand == key { hand = place + 1 < line.count ? line[place + 1] : nil }
    line.remove(at: place)
    visited.remove(key)
  }
}

/// Algorithm 1 of the paper.
struct PlainS3: PlainCache {
  let capacity: Int
  var small: [UInt32] = []
  var main: [UInt32] = []
  var ghosts: [UInt32] = []
  var freq: [UInt32: Int] = [:]
  var count: Int { small.count + main.count }
  var mainSize: Int { capacity - capacity / 10 }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    if let hits = freq[key] {
      freq[key] = min(hits + 1, 3)
      return true
    }
    while small.count + main.count >= capacity {
      if Double(small.count) >= 0.1 * Double(capacity) { evictSmall() } else { evictMain() }
    }
    if ghosts.contains(key) {
      ghosts.removeAll { $0 == key }
      main.append(key)
    } else {
      small.append(key)
    }
    freq[key] = 0
    return false
  }
  private mutating func evictSmall() {
    var evicted = false
    while !evicted && !small.isEmpty {
      let tail = small.removeFirst()
      if freq[tail]! > 1 {
        freq[tail] = 0
        main.append(tail)
        if main.count >= mainSize { evictMain() }
      } else {
        freq[tail] = nil
        ghosts.append(tail)
        if ghosts.count > mainSize { ghosts.removeFirst() }
        evicted = true
      }
    }
  }
  private mutating func evictMain() {
    while !main.isEmpty {
      let tail = main.removeFirst()
      if freq[tail]! == 0 {
        freq[tail] = nil
        return
      }
      freq[tail]! -= 1
      main.append(tail)
    }
  }
  mutating func remove(_ key: UInt32) {
    small.removeAll { $0 == key }
    main.removeAll { $0 == key }
    freq[key] = nil
  }
}

/// libCacheSim's present `S3FIFO.c`, whose counters have no cap in the small queue.
struct PlainLibraryS3: PlainCache {
  let capacity: Int
  var small: [(key: UInt32, freq: Int)] = []
  var main: [(key: UInt32, freq: Int)] = []
  var ghosts: [UInt32] = []
  var hasEvicted = false
  var count: Int { small.count + main.count }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    let smallSize = max(2, capacity / 10)
    if let place = small.firstIndex(where: { $0.key == key }) {
      small[place].freq += 1
      return true
    }
    let ghost = ghosts.contains(key)
    ghosts.removeAll { $0 == key }
    if let place = main.firstIndex(where: { $0.key == key }) {
      main[place].freq += 1
      return true
    }
    while count + 1 > capacity {
      hasEvicted = true
      if main.count > max(0, capacity - smallSize) || small.isEmpty {
        while main[0].freq > 0 {
          let (key, freq) = main.removeFirst()
          main.append((key, min(freq, 3) - 1))
        }
        main.removeFirst()
      } else {
        var found = false
        while !found, let (key, freq) = small.first {
          small.removeFirst()
          if freq >= 2 {
            main.append((key, 0))
          } else {
            if !ghosts.contains(key) { ghosts.append(key) }
            if ghosts.count > max(1, Int(Double(capacity) * 0.9)) { ghosts.removeFirst() }
            found = true
          }
        }
      }
    }
    if ghost || (!hasEvicted && small.count >= smallSize) {
      main.append((key, 0))
    } else {
      small.append((key, 0))
    }
    return false
  }
  mutating func remove(_ key: UInt32) {
    small.removeAll { $0.key == key }
    main.removeAll { $0.key == key }
  }
}

/// Figure 4 of the paper, case by case.
struct PlainARC: PlainCache {
  let capacity: Int
  var t1: [UInt32] = []
  var t2: [UInt32] = []
  var b1: [UInt32] = []
  var b2: [UInt32] = []
  var p = 0.0
  var count: Int { t1.count + t2.count }
  init(capacity: Int) { self.capacity = capacity }
  mutating func get(_ key: UInt32) -> Bool {
    let room = Double(capacity)
    if t1.contains(key) || t2.contains(key) {
      remove(key)
      t2.append(key)
      return true
    }
    if b1.contains(key) {
      p = min(room, p + max(Double(b2.count) / Double(b1.count), 1))
      replace(isInB2: false)
      b1.removeAll { $0 == key }
      t2.append(key)
    } else if b2.contains(key) {
      p = max(0, p - max(Double(b1.count) / Double(b2.count), 1))
      replace(isInB2: true)
      b2.removeAll { $0 == key }
      t2.append(key)
    } else {
      if t1.count + b1.count == capacity {
        if t1.count < capacity {
          b1.removeFirst()
          replace(isInB2: false)
        } else {
          t1.removeFirst()
        }
      } else if t1.count + t2.count + b1.count + b2.count >= capacity {
        if t1.count + t2.count + b1.count + b2.count == 2 * capacity { b2.removeFirst() }
        replace(isInB2: false)
      }
      t1.append(key)
    }
    return false
  }
  private mutating func replace(isInB2: Bool) {
    // Only objects dropped from outside leave room here.
    guard t1.count + t2.count == capacity else { return }
    let size = Double(t1.count)
    if !t1.isEmpty && (size > p || (isInB2 && size == p) || t2.isEmpty) {
      b1.append(t1.removeFirst())
    } else {
      b2.append(t2.removeFirst())
    }
  }
  mutating func remove(_ key: UInt32) {
    t1.removeAll { $0 == key }
    t2.removeAll { $0 == key }
  }
}
