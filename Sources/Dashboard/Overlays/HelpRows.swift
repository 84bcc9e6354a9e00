import CellUI
import ClusterSim

/// The lines of the help: the focused panel's keys first, then those that work everywhere.
public enum HelpRows {
  static func records(focus: PanelID, filter: String) -> [KeyRecord] {
    let all =
      Keymap.records.filter { $0.context == .panel(focus) }
      + Keymap.records.filter { $0.context == .everywhere }
    guard !filter.isEmpty else { return all }
    let wanted = filter.lowercased()
    return all.filter {
      $0.help.lowercased().contains(wanted) || $0.shown == filter
        || $0.word?.contains(wanted) == true
    }
  }

  /// The key table of the README, as Markdown: made from the same records.
  public static var markdown: String {
    var lines = ["| keys | what they do |", "|---|---|"]
    for record in Keymap.records {
      switch record.context {
      case .everywhere: lines.append("| `\(escaped(record.shown))` | \(record.help) |")
      case .panel(let id):
        lines.append("| `\(escaped(record.shown))` in \(id.rawValue) | \(record.help) |")
      case .overlay, .line: continue
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ keys: String) -> String {
    keys.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

/// The lines of the settings screen.
enum SettingRows {
  static func matching(_ filter: String) -> [SettingDefinition] {
    guard !filter.isEmpty else { return SettingCatalogue.all }
    let wanted = filter.lowercased()
    return SettingCatalogue.all.filter {
      $0.path.contains(wanted) || $0.meaning.lowercased().contains(wanted)
    }
  }
}

/// The ways to cut the network, with whom each sets apart.
struct CutChoice {
  let shape: PartitionShape
  let title: String
  let meaning: String

  static func all(_ state: AppState, _ simulation: Simulation) -> [CutChoice] {
    let names = simulation.storageNodes.map { simulation.host($0) }
      .filter { $0.state != .left }.map(\.name)
    guard names.count > 1 else { return [] }
    let half = (names.count + 1) / 2
    let first = names.prefix(half).joined(separator: " ")
    let rest = names.dropFirst(half).joined(separator: " ")
    var node = names[0]
    if let id = state.selectedNode, names.contains(simulation.host(id).name) {
      node = simulation.host(id).name
    }
    let location = simulation.locationNames[0]
    return PartitionShape.forms.map { form in
      let operand =
        switch form.operand {
        case .nothing: ""
        case .node: node
        case .location: location
        }
      let shape = PartitionShape(word: form.word, operand: operand)!
      return CutChoice(
        shape: shape, title: shape.text,
        meaning: shape == .halves ? "\(first) | \(rest)" : form.meaning)
    }
  }
}
