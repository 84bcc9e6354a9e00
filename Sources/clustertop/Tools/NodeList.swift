import ClusterSim
import Scenarios

/// Nodes as they are typed: `a,b,c=2`, a name and perhaps a weight.
enum NodeList {
  static let weights = 1...64
  private static let nameLimit = 64

  /// Throws `Failure` for an empty name, one that cannot be shown, or a weight out of range.
  static func parse(_ text: String, _ option: Option) throws(Failure) -> [PlacementNode] {
    var nodes: [PlacementNode] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      nodes.append(try node(String(part), option))
    }
    return nodes
  }

  private static func node(_ text: String, _ option: Option) throws(Failure) -> PlacementNode {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard !name.isEmpty else {
      throw Failure("--\(option.name): a node without a name; expected such as a,b,c=2")
    }
    guard name.utf8.count <= nameLimit, name.unicodeScalars.allSatisfy(isPlain) else {
      throw Failure(
        "--\(option.name): '\(name)' is no name; expected up to \(nameLimit) bytes without spaces "
          + "and control characters")
    }
    guard parts.count == 2 else { return PlacementNode(name) }
    guard let weight = Int(parts[1]), weights.contains(weight) else {
      throw Failure(
        "--\(option.name): '\(parts[1])' is not a weight for \(name); expected a whole number "
          + "from \(weights.lowerBound) to \(weights.upperBound)")
    }
    return PlacementNode(name, weight: weight)
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && !(0x7f...0xa0).contains(scalar.value)
      && !scalar.properties.isWhitespace && Visible.line(String(scalar)) == String(scalar)
  }
}
