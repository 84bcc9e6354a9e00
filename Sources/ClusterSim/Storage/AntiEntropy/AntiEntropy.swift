/// The state of anti-entropy over all nodes: exchanges under way and what each node counted.
struct AntiEntropy {
  /// One node's part.
  struct Node {
    /// The life of the host for which a round is in the event queue.
    var armedEpoch: UInt32?
    /// Its exchange under way, as the asker.
    var exchange: UInt64?
    /// How many partners it has chosen: the next one is chosen in turn.
    var turn = 0
    var figures = AntiEntropyFigures()
  }
  private var nodes: ContiguousArray<Node> = []
  var exchanges = PayloadSlab<TreeExchange>()
  /// Derived from the placement; nil until somebody needs it.
  var shared: SharedKeys?

  /// A node's part; new for a node that has none yet.
  subscript(node: NodeID) -> Node {
    get { node.index < nodes.count ? nodes[node.index] : Node() }
    _modify {
      while nodes.count <= node.index { nodes.append(Node()) }
      yield &nodes[node.index]
    }
  }

  var total: AntiEntropyFigures { nodes.reduce(into: AntiEntropyFigures()) { $0 += $1.figures } }

  /// The exchange is over.
  mutating func end(_ handle: UInt64) {
    let asker = exchanges.remove(handle).asker
    self[asker].exchange = nil
  }
}

extension Simulation {
  /// What anti-entropy did so far, over all nodes.
  public var antiEntropyFigures: AntiEntropyFigures { antiEntropy.total }

  /// What one node counted: comparisons as the asker, bytes and keys it sent itself.
  public func antiEntropyFigures(of node: NodeID) -> AntiEntropyFigures {
    antiEntropy[node].figures
  }
}
