/// How a partition cuts the links, named as Jepsen's nemeses name them. Clients and cache servers of
/// a location stand on the side that holds most of the location's nodes.
public enum PartitionShape: Hashable, Sendable {
  /// The first half of the nodes (rounded up) against the rest, both directions cut.
  case halves
  /// The smallest majority of the nodes against the rest.
  case majorityMinority
  /// One node against all others.
  case isolate(node: String)
  /// Two halves that see nothing of each other, and one node that sees both.
  case bridge(node: String)
  /// Every node sees a majority, itself in the middle, and no two see the same; clients see all.
  case majoritiesRing
  /// As `halves`, but only messages from the first half to the rest are lost.
  case oneWay
  /// Everything in one location against everything else.
  case dataCentre(location: String)

  /// What follows the shape's word.
  public enum Operand: Sendable { case nothing, node, location }

  /// One shape: its word, what follows it, and what it does.
  public struct Form: Sendable, Equatable {
    public let word: String
    public let operand: Operand
    public let meaning: String
    /// As it is written in full.
    public var text: String {
      switch operand {
      case .nothing: word
      case .node: word + " NODE"
      case .location: word + " LOCATION"
      }
    }
  }

  /// Every shape, in menu order. A test holds this list against the cases.
  public static let forms: [Form] = [
    Form(
      word: "halves", operand: .nothing, meaning: "the first half of the nodes against the rest"),
    Form(
      word: "majority-minority", operand: .nothing,
      meaning: "the smallest majority of the nodes against the rest"),
    Form(word: "isolate", operand: .node, meaning: "one node against all others"),
    Form(word: "bridge", operand: .node, meaning: "two halves, and one node that sees both"),
    Form(
      word: "majorities-ring", operand: .nothing,
      meaning: "every node sees a majority, no two the same one"),
    Form(word: "one-way", operand: .nothing, meaning: "only from the first half to the rest"),
    Form(word: "data-centre", operand: .location, meaning: "one location against everything else"),
  ]

  /// The shape of a form's word with its operand; nil for an unknown word.
  public init?(word: String, operand: String) {
    switch word {
    case "halves": self = .halves
    case "majority-minority": self = .majorityMinority
    case "isolate": self = .isolate(node: operand)
    case "bridge": self = .bridge(node: operand)
    case "majorities-ring": self = .majoritiesRing
    case "one-way": self = .oneWay
    case "data-centre": self = .dataCentre(location: operand)
    default: return nil
    }
  }

  public var text: String {
    switch self {
    case .halves: "halves"
    case .majorityMinority: "majority-minority"
    case .isolate(let node): "isolate \(node)"
    case .bridge(let node): "bridge \(node)"
    case .majoritiesRing: "majorities-ring"
    case .oneWay: "one-way"
    case .dataCentre(let location): "data-centre \(location)"
    }
  }
}
