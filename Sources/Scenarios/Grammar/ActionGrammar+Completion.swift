import ClusterSim

/// One way to go on with a partial action.
public struct Completion: Equatable, Sendable {
  /// The word that stands in the place of the partial one.
  public let text: String
  public let meaning: String
  /// The whole line once the word is taken.
  public let line: String
}

extension ActionGrammar {
  /// What may stand at the end of `partial`, in the order of the catalogues: verbs, then targets,
  /// setting paths, choices. Empty where nothing known fits.
  public static func completions(for partial: String, names: ActionNames) -> [Completion] {
    guard partial.utf8.count <= textLimit else { return [] }
    var words = partial.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    let begun = partial.last.map { $0 == " " || $0 == "\t" } == false ? words.removeLast() : ""
    let head = String(partial.dropLast(begun.count))
    return candidates(after: words, names: names)
      .filter { $0.text.hasPrefix(begun) }
      .map { Completion(text: $0.text, meaning: $0.meaning, line: head + $0.text) }
  }

  private typealias Candidate = (text: String, meaning: String)

  private static func candidates(after words: [String], names: ActionNames) -> [Candidate] {
    guard let verb = words.first else {
      return FaultCatalogue.all.map { ($0.verb, $0.meaning) }
    }
    guard let record = FaultCatalogue.find(verb) else { return [] }
    switch (verb, words.count) {
    case ("partition", 2):
      switch PartitionShape.forms.first(where: { $0.word == words[1] })?.operand {
      case .node: return names.nodes.map { ($0, "node") }
      case .location: return names.locations.map { ($0, "location") }
      case .nothing, nil: return []
      }
    case ("delay", 2): return [("200ms", "the usual delay"), ("50ms", ""), ("2s", "")]
    case ("reorder", 2): return [("50ms", "the usual hold"), ("500ms", "")]
    case ("duplicate", 2): return [("20%", "the usual share"), ("100%", "")]
    case ("skew", 2): return [("500ms", "ahead, the usual"), ("-500ms", "behind"), ("5s", "")]
    case ("skew", 3): return [("50ppm", "runs fast"), ("-50ppm", "runs slow")]
    case ("slow", 2): return [("x10", "the usual factor"), ("x2", ""), ("x100", "")]
    case ("lossy", 2): return [("20%", "the usual share"), ("5%", ""), ("50%", "")]
    case ("burst", 1): return [("x5", "the usual factor"), ("x2", ""), ("x20", "")]
    case ("hot-key", 1): return [("50%", "the usual share"), ("20%", ""), ("90%", "")]
    case ("burst", 2), ("hot-key", 2): return [("10s", "the usual length"), ("30s", "")]
    case ("cold-cache", 1): return names.locations.map { ($0, "only this location's cache") }
    case ("join", 1): return [(newNode(names), "the next free name")]
    case ("join", 2): return [("in", "a location or zone"), ("weight", "its part of the ring")]
    case ("join", 3) where words[2] == "in":
      return names.locations.map { ($0, "location") } + names.zones.map { ($0, "zone") }
    case ("join", 4) where words[2] == "in": return [("weight", "its part of the ring")]
    case ("join", 3), ("join", 5):
      return words.last == "weight" ? [("1", "as most nodes"), ("2", "twice the share")] : []
    case ("transfer", 2), ("promote", 2): return [("group", "only this group")]
    case ("transfer", 3), ("promote", 3): return [("1", "the first group")]
    case ("set", 1):
      return SettingCatalogue.all.filter(\.live).map { ($0.path, $0.meaning) }
    case ("set", 2): return SettingCatalogue.find(words[1]).map(values) ?? []
    case ("split", 2): return [("8", "the usual number of copies"), ("1", "take the split back")]
    case ("read", 2), ("write", 2): return [("via", "ask this node, past the cache")]
    case ("read", 3), ("write", 3): return names.nodes.map { ($0, "coordinator") }
    case (_, 1): return targets(record.target, names)
    default: return []
    }
  }

  private static func targets(_ target: FaultTarget, _ names: ActionNames) -> [Candidate] {
    switch target {
    case .node: names.nodes.map { ($0, "node") }
    case .host:
      names.hosts.map { ($0, names.nodes.contains($0) ? "node" : "cache server") }
    case .location: names.locations.map { ($0, "location") }
    case .cut: PartitionShape.forms.map { ($0.word, $0.meaning) }
    case .nothing: []
    }
  }

  private static func values(of setting: SettingDefinition) -> [Candidate] {
    switch setting.kind {
    case .choice(let names): names.map { ($0, setting.meaning) }
    case .flag: [("true", setting.meaning), ("false", setting.meaning)]
    default: [(setting.text(in: Settings()), "the usual value; \(setting.kind.range)")]
    }
  }

  /// `n` and the first number that no host has yet.
  private static func newNode(_ names: ActionNames) -> String {
    var number = 1
    while names.hosts.contains("n\(number)") { number += 1 }
    return "n\(number)"
  }
}
