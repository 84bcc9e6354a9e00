import Testing

@testable import ClusterSim

/// A shard's move as a story: what groups answer, and what the keeper of the directory then asks for.
@Suite("The move of a shard, by itself")
struct ShardMoveTests {
  private let ms: Int64 = 1_000_000

  /// Shard 7 (from 0) goes from group 1 to group 2, 100 keys a second, patience one second.
  private func move() -> ShardMove {
    ShardMove(
      number: 3, shard: 7, from: 1, to: 2, rate: 100, patience: 1_000_000_000, now: 0)
  }

  private func text(_ effects: [ShardMove.Effect]) -> [String] {
    effects.map { effect in
      switch effect {
      case .command(let group, let step): "group \(group): \(step)"
      case .copy(let cursor, let since, let settles):
        "\(settles ? "rest" : "copy") from \(cursor)" + (since.map { " since \($0)" } ?? "")
      case .flip: "flip"
      case .ended(let moved): moved ? "moved" : "called off"
      }
    }
  }

  private func fire(_ move: inout ShardMove, at now: Int64) -> [String] {
    var effects: [ShardMove.Effect] = []
    move.fire(now: now, &effects)
    return text(effects)
  }

  private func answer(
    _ move: inout ShardMove, at now: Int64, next: UInt32? = nil, index: UInt64 = 0, keys: Int = 0,
    request: UInt64? = nil
  ) -> [String] {
    var effects: [ShardMove.Effect] = []
    move.receive(
      .init(request: request ?? move.request, next: next, index: index, keys: keys, at: now),
      now: now, &effects)
    return text(effects)
  }

  @Test func everyoneAnswers_keysAreCopiedAtTheRate_thenTheRest_thenTheDirectoryFlips() {
    var move = move()
    #expect(fire(&move, at: 0) == ["group 2: receive"])
    #expect(answer(&move, at: 10 * ms) == ["copy from 0"])
    // Ten keys at 100 a second: the next are asked for 100 ms after the first were.
    #expect(answer(&move, at: 20 * ms, next: 40, index: 55, keys: 10) == [])
    #expect(fire(&move, at: 100 * ms) == [])
    #expect(fire(&move, at: 110 * ms) == ["copy from 40 since 55"])
    #expect(answer(&move, at: 130 * ms, index: 60, keys: 5) == ["group 1: freeze"])
    // Now writes wait: the rest comes without a pause.
    #expect(answer(&move, at: 140 * ms) == ["rest from 0 since 55"])
    #expect(answer(&move, at: 150 * ms, next: 64, keys: 64) == ["rest from 64 since 55"])
    #expect(answer(&move, at: 160 * ms, keys: 2) == ["group 1: release"])
    #expect(answer(&move, at: 170 * ms) == ["group 2: own"])
    #expect(answer(&move, at: 180 * ms) == ["flip", "moved"])
    #expect(move.isOver)
    #expect(move.keys == 81 && move.keysLate == 66)
    #expect(move.frozenAt == 140 * ms && move.endedAt == 180 * ms)
  }

  /// Who read all parts that arrived knows what the new group has; of two nobody does.
  @Test func partsReadByOne_haveAReader_byTwoNone() {
    for readers in [[5, 5], [5, 6], [6, 5], [5, 6, 5]] as [[UInt64]] {
      var move = move()
      var effects: [ShardMove.Effect] = []
      move.fire(now: 0, &effects)
      move.receive(.init(request: move.request), now: 0, &effects)
      for (part, reader) in readers.enumerated() {
        let next = part + 1 == readers.count ? nil : UInt32(part)
        move.receive(.init(request: move.request, next: next, reader: reader), now: 0, &effects)
      }
      #expect(move.phase == .freeze)
      #expect(move.reader == (Set(readers).count == 1 ? readers[0] : nil), "\(readers)")
    }
  }

  @Test func aLostRequest_isSentAgain_andAnswersToItCountOnce() {
    var move = move()
    _ = fire(&move, at: 0)
    #expect(fire(&move, at: 149 * ms) == [])
    #expect(fire(&move, at: 150 * ms) == ["group 2: receive"])
    let request = move.request
    #expect(answer(&move, at: 160 * ms) == ["copy from 0"])
    // The answer to the first one comes after all, and again: it is to a request that is over.
    #expect(answer(&move, at: 161 * ms, request: request) == [])
    #expect(move.phase == .copy)
    // Nor does one that belongs to an earlier move of the same shard.
    let earlier = ShardMove(
      number: 2, shard: 7, from: 1, to: 2, rate: 100, patience: 1_000_000_000, now: 0)
    var effects: [ShardMove.Effect] = []
    for ahead in UInt64(0)...4 {
      move.receive(.init(request: earlier.request + ahead, keys: 9), now: 170 * ms, &effects)
    }
    #expect(effects.isEmpty && move.keys == 0)
  }

  @Test func nobodyAnswersBeforeTheRelease_theMoveIsCalledOffAtBothGroups() {
    for answers in 0...4 {
      var move = move()
      _ = fire(&move, at: 0)
      for _ in 0..<answers { _ = answer(&move, at: 10 * ms, index: 9) }
      #expect(
        move.mayBeUndone == (answers < 4), "after \(answers) answers it is in \(move.phase)")
      guard answers < 4 else { continue }
      var said: [String] = []
      var now = 10 * ms
      while now < 1_500 * ms, move.phase != .undoSource {
        now += 150 * ms
        said = fire(&move, at: now)
      }
      #expect(said == ["group 1: cancel"])
      #expect(answer(&move, at: now + ms) == ["group 2: cancel"])
      #expect(answer(&move, at: now + 2 * ms) == ["called off"])
    }
  }

  @Test func nobodyAnswersAfterTheRelease_theMoveWaitsAndNeverGoesBack() {
    var move = move()
    _ = fire(&move, at: 0)
    for _ in 0..<4 { _ = answer(&move, at: 10 * ms, index: 9) }
    #expect(move.phase == .release)
    var effects: [ShardMove.Effect] = []
    #expect(!move.undo(now: 20 * ms, &effects) && effects.isEmpty)
    var now = 10 * ms
    for _ in 0..<100 {
      now += 150 * ms
      #expect(fire(&move, at: now) == ["group 1: release"])
    }
    #expect(answer(&move, at: now) == ["group 2: own"])
    #expect(answer(&move, at: now) == ["flip", "moved"])
  }
}

/// What a group holds, as entries of its log change it.
@Suite("A group's shards")
struct GroupShardsTests {
  private let parents: ContiguousArray<UInt16> = [0, 1, 1, 2]

  private func take(
    _ shards: inout GroupShards, _ steps: [(GroupShards.Step, UInt32)], _ shard: Int = 1,
    known: Int = 4
  ) -> [GroupShards.Hold] {
    steps.map { step, move in
      shards.take(step, of: move, shard, known: known, parents: parents)
      return shards.entry(of: shard, parents: parents).hold
    }
  }

  @Test func oldGroup_freezesReleases_andTakesNothingTwice() {
    var shards = GroupShards(group: 1)
    #expect(shards.accepts(1, known: 4, parents: parents))
    #expect(take(&shards, [(.freeze, 1), (.release, 1)]) == [.frozen, .away])
    // Entries that come late, of this move or an earlier one.
    #expect(take(&shards, [(.freeze, 1), (.cancel, 0), (.release, 1)]) == [.away, .away, .away])
    #expect(!shards.accepts(1, known: 4, parents: parents))
  }

  @Test func calledOff_aFreezeThatComesLateIsVoid() {
    var shards = GroupShards(group: 1)
    #expect(take(&shards, [(.cancel, 1), (.freeze, 1)]) == [.owned, .owned])
    #expect(
      take(&shards, [(.freeze, 2), (.cancel, 2), (.freeze, 2)]) == [.frozen, .owned, .owned])
    #expect(take(&shards, [(.freeze, 3), (.release, 3)]) == [.frozen, .away])
  }

  @Test func newGroup_servesOnlyOnceItIsTold_andVersionsRise() {
    var shards = GroupShards(group: 0)
    #expect(take(&shards, [(.own, 1)]) == [.away])
    #expect(take(&shards, [(.receive, 1)]) == [.receiving])
    #expect(!shards.accepts(1, known: 4, parents: parents))
    #expect(take(&shards, [(.own, 1)]) == [.owned])
    #expect(shards.entry(of: 1, parents: parents).generation == 1)
    // And back again: the third home's versions are above the second's.
    #expect(take(&shards, [(.freeze, 2), (.release, 2)]) == [.frozen, .away])
    #expect(take(&shards, [(.receive, 5), (.own, 5)]) == [.receiving, .owned])
    #expect(shards.entry(of: 1, parents: parents).generation == 5)
    var put = RaftEntry(term: 1, kind: .put)
    put.stamp = 5
    #expect(put.versionTime(at: 3) > UInt64(4) << RaftEntry.indexBits | 1_000_000)
  }

  /// Shard 2 was cut off from 1, and 3 from 2: what is not said of the part is what holds of the whole.
  @Test func part_ofAShard_isWhereTheWholeIsUntilItMoves() {
    var shards = GroupShards(group: 1)
    #expect(shards.entry(of: 3, parents: parents).hold == .owned)
    #expect(take(&shards, [(.freeze, 4), (.release, 4)], 2, known: 3) == [.frozen, .away])
    #expect(shards.entry(of: 3, parents: parents).hold == .away)
    #expect(shards.entry(of: 1, parents: parents).hold == .owned)
    // Who proposed a write when shard 2 was not known yet may have meant a key of it.
    #expect(!shards.accepts(1, known: 2, parents: parents))
    #expect(shards.accepts(1, known: 3, parents: parents))
  }

  /// Move 1 of shard 1 was called off, part 3 cut off from it, and then shard 1 moved: a server may hear
  /// the end of move 1 last, or from somebody who took it when there were more parts already. Of the
  /// part only move 1 says anything.
  @Test func steps_inWhateverOrder_comeToTheSame() {
    let parents: ContiguousArray<UInt16> = [0, 1, 2, 1]
    func entry(_ step: GroupShards.Step, _ move: UInt32, _ known: Int, _ hold: GroupShards.Hold)
      -> GroupShards.Entry
    {
      .init(shard: 1, known: known, hold: hold, move: move, step: step, generation: 0)
    }
    let steps = [
      entry(.freeze, 1, 3, .frozen), entry(.cancel, 1, 3, .owned), entry(.cancel, 1, 4, .owned),
      entry(.freeze, 2, 4, .frozen), entry(.release, 2, 4, .away),
    ]
    var stream = RandomStream(seed: 1, purpose: 1)
    for _ in 0..<500 {
      var shards = GroupShards(group: 1)
      var order = Array(steps.indices) + [stream.below(5), stream.below(5)]
      for place in order.indices.reversed() { order.swapAt(place, stream.below(place + 1)) }
      for place in order { shards.learn(steps[place], parents: parents) }
      #expect(shards.entry(of: 1, parents: parents).hold == .away, "\(order)")
      #expect(shards.entry(of: 3, parents: parents).hold == .owned, "\(order)")
      #expect(shards.entries.count == 2, "\(order)")
    }
  }

  /// Shard 2 was cut off from 1 before 1 moved: it stayed where it was. 3 was cut off from 2 later.
  @Test func part_cutOffBeforeTheWholeMoved_staysBehind() {
    var old = GroupShards(group: 1)
    #expect(take(&old, [(.freeze, 1), (.release, 1)], 1, known: 3) == [.frozen, .away])
    #expect(old.entry(of: 2, parents: parents).hold == .owned)
    #expect(old.entry(of: 3, parents: parents).hold == .owned)
    var new = GroupShards(group: 0)
    #expect(take(&new, [(.receive, 1), (.own, 1)], 1, known: 3) == [.receiving, .owned])
    #expect(new.entry(of: 2, parents: parents).hold == .away)
    // A part that is cut off there afterwards is there, with the versions of the whole, and stays
    // when the whole goes on.
    let later: ContiguousArray<UInt16> = [0, 1, 1, 1]
    #expect(new.entry(of: 3, parents: later).hold == .owned)
    new.take(.freeze, of: 2, 1, known: 4, parents: later)
    new.take(.release, of: 2, 1, known: 4, parents: later)
    #expect(new.entry(of: 1, parents: later).hold == .away)
    #expect(new.entry(of: 3, parents: later).hold == .owned)
    #expect(new.entry(of: 3, parents: later).generation == 1)
    #expect(new.entry(of: 2, parents: later).hold == .away)
  }
}
