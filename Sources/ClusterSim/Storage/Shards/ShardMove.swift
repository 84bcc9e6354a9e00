/// One shard on its way from a group to another while clients run, as whoever keeps the directory sees
/// it. It knows no network and no clock: time comes in with every call, what it wants goes out as
/// effects. Every request may be lost, repeated or answered twice; whoever leads the groups may change.
///
/// Up to `release` the move can be called off and nothing has changed for anybody. From there on the
/// new group has all of it in its own log, and the move goes through however long it takes: never do
/// two groups serve the shard, and never does none of them have it.
struct ShardMove {
  enum Phase: UInt8 {
    case receive, copy, freeze
    /// What was written during the copy.
    case settle
    case release, own
    /// Called off: the old group takes writes again, the new one drops what it has.
    case undoSource, undoTarget
    case done, undone
  }
  enum Effect: Equatable {
    /// A step for the log of a group.
    case command(group: Int, GroupShards.Step)
    /// Ask the old group to send the new one keys from `cursor` on.
    case copy(cursor: UInt32, since: UInt64?, settles: Bool)
    /// The directory names the new group from now on.
    case flip
    case ended(moved: Bool)
  }
  /// What a group answers. `next` is the first key not looked at, nil after the last; `index` is how
  /// far the old group's log was applied where the keys were read; `reader` which server of it read
  /// them, and in which of its lives, where only that one knows what it has sent (0 otherwise).
  struct Answer: Equatable {
    var request: UInt64
    var next: UInt32?
    var index: UInt64 = 0
    var keys = 0
    var reader: UInt64 = 0
    /// When the step was taken.
    var at: Int64 = 0
  }

  let number: UInt32
  let shard: Int
  let source: Int
  let target: Int
  /// Keys a second during the copy.
  var rate: Int
  /// Without progress for so long, ns, it is called off where it still can be.
  var patience: Int64
  /// An unanswered request is sent again after this, ns.
  static let retry: Int64 = 150_000_000

  private(set) var phase = Phase.receive
  /// Answers to any other request are void, and so are late ones to those of an earlier move: its
  /// number is the upper half.
  private(set) var request: UInt64
  /// When something is to be done: the next part, or the last request again.
  private(set) var due: Int64
  private(set) var cursor: UInt32 = 0
  /// How far the old group had applied its log when the copy began: later writes are copied again.
  private(set) var since: UInt64?
  /// Who read the parts of the copy that arrived, as far as it was one and the same: nobody else knows
  /// what the new group surely has.
  private(set) var reader: UInt64?
  private var parts = 0
  private var rests = false
  private var askedAt: Int64
  private var progressAt: Int64

  // Figures.
  let beganAt: Int64
  private(set) var frozenAt: Int64?
  private(set) var endedAt: Int64?
  private(set) var keys = 0
  /// Of those, copied while writes waited.
  private(set) var keysLate = 0
  /// Requests that were sent back because the shard was being handed over.
  var refused = 0

  init(
    number: UInt32, shard: Int, from source: Int, to target: Int, rate: Int, patience: Int64,
    now: Int64
  ) {
    precondition(source != target && rate > 0)
    self.number = number
    request = UInt64(number) << 32
    self.shard = shard
    self.source = source
    self.target = target
    self.rate = rate
    self.patience = patience
    beganAt = now
    due = now
    askedAt = now
    progressAt = now
  }

  var isOver: Bool { phase == .done || phase == .undone }

  /// Whether it may still be called off.
  var mayBeUndone: Bool {
    switch phase {
    case .receive, .copy, .freeze, .settle: true
    case .release, .own, .undoSource, .undoTarget, .done, .undone: false
    }
  }

  /// Time has come for whatever is due.
  mutating func fire(now: Int64, _ effects: inout [Effect]) {
    guard !isOver, now >= due else { return }
    if mayBeUndone, now - progressAt > patience {
      enter(.undoSource, now)
    }
    ask(now, &effects)
  }

  /// Whoever was asked names another: the same request again, to that one, a moment later (two servers
  /// may name each other).
  mutating func askSoon(now: Int64) {
    guard !isOver, !rests else { return }
    due = min(due, now + 10_000_000)
  }

  /// Calls the move off; false where it is too late for that.
  mutating func undo(now: Int64, _ effects: inout [Effect]) -> Bool {
    guard mayBeUndone else { return false }
    enter(.undoSource, now)
    ask(now, &effects)
    return true
  }

  mutating func receive(_ answer: Answer, now: Int64, _ effects: inout [Effect]) {
    guard !isOver, answer.request == request, !rests else { return }
    progressAt = now
    switch phase {
    case .receive: enter(.copy, now)
    case .copy:
      if since == nil { since = answer.index }
      reader = parts == 0 || reader == answer.reader ? answer.reader : nil
      parts += 1
      keys += answer.keys
      advance(to: answer.next, after: answer.keys, then: .freeze, now)
    case .freeze:
      frozenAt = answer.at
      cursor = 0
      enter(.settle, now)
    case .settle:
      keys += answer.keys
      keysLate += answer.keys
      advance(to: answer.next, after: 0, then: .release, now)
    case .release: enter(.own, now)
    case .own:
      end(.done, now)
      effects.append(.flip)
      effects.append(.ended(moved: true))
      return
    case .undoSource: enter(.undoTarget, now)
    case .undoTarget:
      end(.undone, now)
      effects.append(.ended(moved: false))
      return
    case .done, .undone: return
    }
    if !rests { ask(now, &effects) }
  }

  /// The next keys, at the rate that is allowed; or the next phase.
  private mutating func advance(to next: UInt32?, after count: Int, then phase: Phase, _ now: Int64)
  {
    guard let next else {
      enter(phase, now)
      return
    }
    cursor = next
    request += 1
    due = max(now, askedAt + Int64(count) * 1_000_000_000 / Int64(rate))
    rests = due > now
  }

  private mutating func enter(_ next: Phase, _ now: Int64) {
    phase = next
    request += 1
    rests = false
    due = now
    progressAt = now
  }

  private mutating func end(_ last: Phase, _ now: Int64) {
    phase = last
    endedAt = now
    due = .max
  }

  /// Sends the request of the phase, the first time or once more.
  private mutating func ask(_ now: Int64, _ effects: inout [Effect]) {
    rests = false
    askedAt = now
    due = now + Self.retry
    switch phase {
    case .receive: effects.append(.command(group: target, .receive))
    case .copy: effects.append(.copy(cursor: cursor, since: since, settles: false))
    case .freeze: effects.append(.command(group: source, .freeze))
    case .settle: effects.append(.copy(cursor: cursor, since: since, settles: true))
    case .release: effects.append(.command(group: source, .release))
    case .own: effects.append(.command(group: target, .own))
    case .undoSource: effects.append(.command(group: source, .cancel))
    case .undoTarget: effects.append(.command(group: target, .cancel))
    case .done, .undone: break
    }
  }
}
