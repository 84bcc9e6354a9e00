import ClusterSim

/// Metric families as lines of OpenMetrics text.
struct MetricText {
  enum Kind: String { case counter, gauge, summary, info }

  /// Before every name.
  static let prefix = "clustertop_"
  private var text = ""
  private var name = ""

  /// Begins a family; its samples follow.
  mutating func family(
    _ name: String, _ kind: Kind, unit: String? = nil, _ meaning: String
  ) {
    precondition(unit.map { name.hasSuffix("_" + $0) } ?? true, "\(name) must end with its unit")
    self.name = Self.prefix + name
    text += "# TYPE \(self.name) \(kind.rawValue)\n"
    if let unit { text += "# UNIT \(self.name) \(unit)\n" }
    text += "# HELP \(self.name) \(Self.escaped(meaning))\n"
  }

  mutating func sample(_ suffix: String, _ labels: [(String, String)], _ value: Double) {
    let inside = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    text += name + suffix + (inside.isEmpty ? "" : "{\(inside)}") + " " + JSONValue.digits(value)
    text += "\n"
  }

  /// Quantiles, sum and count of a histogram, in seconds; without quantiles where it is empty.
  mutating func summary(_ labels: [(String, String)], _ histogram: LatencyHistogram) {
    for (quantile, name) in [(0.5, "0.5"), (0.9, "0.9"), (0.99, "0.99"), (0.999, "0.999")] {
      guard let value = histogram.quantile(quantile) else { continue }
      sample("", labels + [("quantile", name)], Double(value) / 1e9)
    }
    let sum = (histogram.mean ?? 0) * Double(histogram.count)
    sample("_sum", labels, (sum / 1e9 * 1e9).rounded() / 1e9)
    sample("_count", labels, Double(histogram.count))
  }

  var finished: String { text + "# EOF\n" }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
