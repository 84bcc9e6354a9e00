import CellUI

/// Where a key means what its record says. A record of the focused panel or the open overlay comes
/// before one that holds everywhere.
public enum KeyContext: Hashable, Sendable {
  case everywhere
  case panel(PanelID)
  case overlay(OverlayKind)
  /// While a line is typed.
  case line
}

/// The kinds of overlay, without what they hold.
public enum OverlayKind: String, CaseIterable, Sendable {
  case help, faultMenu, cut, settings, lessons, definitions, consistency, predictions, details
}

extension Overlay {
  public var kind: OverlayKind {
    switch self {
    case .help: .help
    case .faultMenu: .faultMenu
    case .cut: .cut
    case .settings: .settings
    case .lessons: .lessons
    case .definitions: .definitions
    case .consistency: .consistency
    case .predictions: .predictions
    case .details: .details
    }
  }
}

/// One binding: the footer, the help, the prompt's words, the README's table and the keys that
/// lessons name are all made of these.
public struct KeyRecord: Sendable {
  /// All keys that do it; the first is the one that is named.
  public let keys: [Key]
  /// All keys as the help shows them.
  public let shown: String
  /// The word that does it at the prompt; nil where a word would be no use.
  public let word: String?
  /// A word or two for the footer; nil where it is not named there.
  public let footer: String?
  /// How the footer names the key.
  public let footerKey: String
  /// Where it stands in the footer: the lowest first.
  public let rank: Int
  /// One sentence.
  public let help: String
  public let context: KeyContext
  public let intent: Intent

  init(
    _ keys: [Key], _ intent: Intent, word: String? = nil, footer: String? = nil,
    footerKey: String? = nil, rank: Int = 50, in context: KeyContext = .everywhere, _ help: String
  ) {
    self.keys = keys
    shown = keys.map(\.description).joined(separator: " ")
    self.word = word
    self.footer = footer
    self.footerKey = footerKey ?? keys.first?.description ?? ""
    self.rank = rank
    self.help = help
    self.context = context
    self.intent = intent
  }
}
