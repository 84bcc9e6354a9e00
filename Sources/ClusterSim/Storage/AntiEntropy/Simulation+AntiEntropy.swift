// Anti-entropy by Merkle trees (Dynamo section 4.7).
//
// Dynamo keeps a tree for each range between two tokens. Here a tree covers all keys that a pair of
// replicas shares, in 2^`storage.tree_depth` ranges of the key's hash: one root tells whether two
// nodes agree in everything, and the number of leaves does not hang on the number of tokens. As in
// Cassandra a tree is built from the disk when it is needed, so writes pay nothing for it.
extension Simulation {
  /// Time between two steps of looking into leaves that differ, ns.
  private static var keyPeriod: Int64 { 50_000_000 }
  private static var hashBytes: Int { 8 }
  private static var numberBytes: Int { 4 }
  private static var versionBytes: Int { 10 }

  // MARK: Rounds

  /// Sees to it that every running node has a round in the queue, where anti-entropy is on. The
  /// first is at a random moment of the interval, so that rounds do not march in step.
  mutating func armAntiEntropy() {
    guard settings.storage.antiEntropy, settings.storage.engine == .leaderless else { return }
    let interval = settings.storage.antiEntropyInterval.nanoseconds
    for node in storageNodes
    where hosts[node.index].state == .up
      && antiEntropy[node].armedEpoch != hosts[node.index].epoch
    {
      antiEntropy[node].armedEpoch = hosts[node.index].epoch
      wake(
        node, .antiEntropy,
        after: Int64(hosts[node.index].stream.below(Int(max(1, interval)))))
    }
  }

  /// A node's timer: its next round, or the next leaves of the exchange `marked` - 1.
  mutating func antiEntropyDue(_ node: NodeID, epoch: UInt32, marked: UInt64) {
    guard epoch == hosts[node.index].epoch, hosts[node.index].state == .up else { return }
    guard marked == 0 else {
      let handle = marked - 1
      if antiEntropy.exchanges.contains(handle) { askForKeys(handle) }
      return
    }
    guard settings.storage.antiEntropy else {
      antiEntropy[node].armedEpoch = nil
      abandonExchange(of: node)
      return
    }
    wake(node, .antiEntropy, after: settings.storage.antiEntropyInterval.nanoseconds)
    if let handle = antiEntropy[node].exchange {
      let exchange = antiEntropy.exchanges[handle]
      let silence = now.nanoseconds - exchange.heard
      if exchange.askerEpoch == epoch, silence < settings.storage.timeout.nanoseconds { return }
      abandonExchange(of: node)
    }
    beginExchange(node)
  }

  /// Nobody waits any more for what the node had begun.
  mutating func abandonExchange(of node: NodeID) {
    guard let handle = antiEntropy[node].exchange else { return }
    antiEntropy[node].figures.abandoned += 1
    antiEntropy.end(handle)
  }

  /// Compares with the next of those that share keys with this node and that it holds alive.
  private mutating func beginExchange(_ node: NodeID) {
    refreshSharedKeys()
    let peers = antiEntropy.shared!.peers(of: node)
    for _ in peers.indices {
      let partner = peers[antiEntropy[node].turn % peers.count]
      antiEntropy[node].turn += 1
      guard members[node.index]!.table.isAlive(partner) else { continue }
      let keys = antiEntropy.shared!.keys(of: node, and: partner)
      let handle = antiEntropy.exchanges.insert(
        TreeExchange(
          asker: node, partner: partner, askerEpoch: hosts[node.index].epoch, keys: keys,
          mine: tree(of: node, over: keys, depth: settings.storage.treeDepth),
          heard: now.nanoseconds))
      antiEntropy[node].exchange = handle
      antiEntropy[node].figures.exchanges += 1
      askForHashes(handle)
      return
    }
  }

  private mutating func refreshSharedKeys() {
    let basis = SharedKeys.Basis(
      members: placement.ring.members.map(\.node), copies: settings.storage.n, keys: keys.count,
      revision: placementRevision)
    if antiEntropy.shared?.basis == basis { return }
    antiEntropy.shared = SharedKeys(
      basis: basis, hashes: ContiguousArray(keys.tokens.map(MerkleTree.mix)),
      homesOf: homeNodes)
  }

  /// The tree over what a node holds of the keys now.
  func tree(of node: NodeID, over keys: ContiguousArray<UInt32>, depth: Int) -> MerkleTree {
    var tree = MerkleTree(depth: depth)
    for key in keys {
      let entry = hosts[node.index].store.get(key)
      guard entry.version != .none else { continue }
      tree.add(key: treeHash(of: key), content: contentHash(of: entry))
    }
    tree.seal()
    return tree
  }

  /// Where a key lies among the leaves.
  @inline(__always)
  func treeHash(of key: UInt32) -> UInt64 { MerkleTree.mix(self.keys.tokens[Int(key)]) }

  /// Stands for the version held: equal for equal versions only.
  private func contentHash(of entry: Versioned) -> UInt64 {
    switch settings.storage.versions {
    case .lastWriteWins:
      MerkleTree.mix(UInt64(bitPattern: entry.version.time)) &+ UInt64(entry.version.node)
    case .vector: vector.table.hash(entry.set)
    }
  }

  // MARK: Hashes

  private mutating func sendTree(_ kind: MessageKind, _ handle: UInt64, bytes: Int) {
    let exchange = antiEntropy.exchanges[handle]
    let asks = kind == .treeAsk || kind == .treeKeys
    let from = asks ? exchange.asker : exchange.partner
    let to = asks ? exchange.partner : exchange.asker
    antiEntropy[from].figures.bytes += bytes
    send(
      Message(
        kind: kind, from: from.rawValue, to: to.rawValue, handle: handle, key: exchange.step))
  }

  private mutating func askForHashes(_ handle: UInt64) {
    sendTree(
      .treeAsk, handle, bytes: Self.numberBytes * antiEntropy.exchanges[handle].asked.count)
  }

  /// Whether the message belongs to the present step of an exchange between two present lives.
  private mutating func takes(_ message: Message) -> Bool {
    guard antiEntropy.exchanges.contains(message.handle) else { return false }
    let exchange = antiEntropy.exchanges[message.handle]
    guard exchange.step == message.key,
      exchange.askerEpoch == hosts[exchange.asker.index].epoch,
      (exchange.partnerEpoch ?? hosts[exchange.partner.index].epoch)
        == hosts[exchange.partner.index].epoch
    else { return false }
    antiEntropy.exchanges[message.handle].step += 1
    return true
  }

  /// At the partner: its hashes of the tree nodes asked for.
  mutating func serveTreeAsk(_ message: Message) {
    guard takes(message) else { return }
    let exchange = antiEntropy.exchanges[message.handle]
    if exchange.theirs == nil {
      antiEntropy.exchanges[message.handle].partnerEpoch = hosts[exchange.partner.index].epoch
      antiEntropy.exchanges[message.handle].theirs = tree(
        of: exchange.partner, over: exchange.keys, depth: exchange.mine.depth)
    }
    sendTree(.treeAnswer, message.handle, bytes: Self.hashBytes * exchange.asked.count)
  }

  /// At the asker: down to the children of what differs, and at the leaves to their keys.
  mutating func receiveTreeAnswer(_ message: Message) {
    guard takes(message) else { return }
    let handle = message.handle
    antiEntropy.exchanges[handle].heard = now.nanoseconds
    let asker = antiEntropy.exchanges[handle].asker
    antiEntropy[asker].figures.comparisons += antiEntropy.exchanges[handle].asked.count
    let children = antiEntropy.exchanges[handle].compare()
    antiEntropy.exchanges[handle].asked = children
    let leaves = antiEntropy.exchanges[handle].leaves.count
    if !children.isEmpty {
      askForHashes(handle)
    } else if leaves > 0 {
      antiEntropy[asker].figures.ranges += leaves
      askForKeys(handle)
    } else {
      antiEntropy[asker].figures.equal += 1
      antiEntropy.end(handle)
    }
  }

  // MARK: Keys

  /// At the asker: what it holds in the next leaves that differ, as many as the rate allows.
  private mutating func askForKeys(_ handle: UInt64) {
    let budget = max(
      1, settings.storage.antiEntropyRate * Int(Self.keyPeriod) / 1_000_000_000)
    let exchange = antiEntropy.exchanges[handle]
    var listing: ContiguousArray<(key: UInt32, entry: Versioned)> = []
    var bytes = 0
    while let leaf = antiEntropy.exchanges[handle].leaves.last,
      listing.count < budget
    {
      antiEntropy.exchanges[handle].leaves.removeLast()
      bytes += Self.numberBytes
      for key in keys(of: exchange, in: leaf) {
        let entry = hosts[exchange.asker.index].store.get(key)
        listing.append((key, entry))
        if entry.version != .none { bytes += keyBytes(key) }
      }
    }
    antiEntropy[exchange.asker].figures.keysCompared += listing.count
    antiEntropy.exchanges[handle].listing = listing
    sendTree(.treeKeys, handle, bytes: bytes)
  }

  /// The shared keys of one leaf.
  private func keys(of exchange: TreeExchange, in leaf: UInt32) -> ArraySlice<UInt32> {
    func first(from wanted: UInt32) -> Int {
      var low = 0
      var high = exchange.keys.count
      while low < high {
        let middle = (low + high) / 2
        let found = exchange.mine.leaf(of: treeHash(of: exchange.keys[middle]))
        if found < wanted { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return ArraySlice(exchange.keys[first(from: leaf)..<first(from: leaf + 1)])
  }

  private func keyBytes(_ key: UInt32) -> Int {
    keys.names[Int(key)].utf8.count + Self.versionBytes
  }

  /// At the partner: sends what is newer here, and says what it wants.
  mutating func serveTreeKeys(_ message: Message) {
    guard takes(message) else { return }
    let exchange = antiEntropy.exchanges[message.handle]
    var wanted: ContiguousArray<UInt32> = []
    var bytes = 0
    for (key, entry) in exchange.listing {
      let own = hosts[exchange.partner.index].store.get(key)
      let isReversed = has(.antiEntropySendsOlder)
      if isReversed ? isBehind(own, entry) : isBehind(entry, own) {
        sendNewer(own, key, from: exchange.partner, to: exchange.asker)
      }
      if isReversed ? isBehind(entry, own) : isBehind(own, entry) {
        wanted.append(key)
        bytes += keys.names[Int(key)].utf8.count
      }
    }
    antiEntropy.exchanges[message.handle].listing = []
    antiEntropy.exchanges[message.handle].wanted = wanted
    sendTree(.treeWanted, message.handle, bytes: bytes)
  }

  /// At the asker: sends what is wanted, as it is by now, and goes on with the next leaves.
  mutating func receiveTreeWanted(_ message: Message) {
    guard takes(message) else { return }
    let handle = message.handle
    antiEntropy.exchanges[handle].heard = now.nanoseconds
    let exchange = antiEntropy.exchanges[handle]
    for key in exchange.wanted {
      sendNewer(
        hosts[exchange.asker.index].store.get(key), key, from: exchange.asker,
        to: exchange.partner)
    }
    antiEntropy.exchanges[handle].wanted = []
    guard !exchange.leaves.isEmpty else {
      antiEntropy.end(handle)
      return
    }
    queue.push(
      time: now.nanoseconds + Self.keyPeriod, kind: .antiEntropy, node: exchange.asker.rawValue,
      a: exchange.askerEpoch, b: handle + 1)
  }

  private mutating func sendNewer(
    _ entry: Versioned, _ key: UInt32, from sender: NodeID, to receiver: NodeID
  ) {
    antiEntropy[sender].figures.keysSent += 1
    antiEntropy[sender].figures.bytes += keyBytes(key) + settings.workload.valueSize
    send(
      Message(
        kind: .repairWrite, from: sender.rawValue, to: receiver.rawValue, key: key, entry: entry))
  }
}
