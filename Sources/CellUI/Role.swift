/// What a colour means. Drawing code names roles only; a ``Theme`` gives them colours.
public enum Role: UInt8, CaseIterable, Sendable {
  // The page.
  case background, text, dim, title, rule, accent, selection, selectionText
  case statusBar, statusText, footerBar, footerKey, footerText, prompt, panelNumber, focus

  // Members of the cluster.
  case alive, suspect, dead, frozen, slow, joining, left, unknown

  // What happens to them and to the data.
  case cut, hint, stale, ok, warning, error, you, cache, paused, lesson, leader, request
  case info, good, bad

  // Series in charts, in the order in which they are handed out.
  case chart1, chart2, chart3, chart4, chart5, chart6
  // Replicas of a key, in preference order.
  case replica1, replica2, replica3, replica4, replica5
  // From cool to hot: meters and heat maps. Interpolated between alive, suspect and dead
  // unless the theme names them.
  case heat1, heat2, heat3, heat4, heat5, heat6, heat7, heat8

  /// Name in theme files: the case name.
  public var name: String { "\(self)" }

  public init?(name: String) {
    guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }

  /// The colour of series `index`; after the sixth they begin again.
  public static func chart(_ index: Int) -> Role {
    Role(rawValue: chart1.rawValue + UInt8(((index % 6) + 6) % 6))!
  }

  /// The colour of replica `index` (0 = first of the preference list).
  public static func replica(_ index: Int) -> Role {
    Role(rawValue: replica1.rawValue + UInt8(((index % 5) + 5) % 5))!
  }

  /// The heat colour of a share between 0 (cool) and 1 (hot); values outside are held.
  public static func heat(_ share: Double) -> Role {
    let held = share.isNaN ? 0 : min(max(share, 0), 1)
    return Role(rawValue: heat1.rawValue + UInt8(min(7, Int(held * 8))))!
  }
}
