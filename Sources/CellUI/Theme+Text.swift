extension Theme {
  /// The theme as a file that reads back to the same one, to begin a theme of one's own with: a base16
  /// palette, then the colour of every role.
  public var fileText: String {
    var text = """
      # A theme of clustertop: a base16 scheme, so that other programs read it too.
      system: "base16"
      name: \(Theme.quoted(name))
      variant: "\(variant.rawValue)"
      palette:

      """
    for (slot, role) in Theme.slotRoles.enumerated() {
      let digits = String(slot, radix: 16, uppercase: true)
      let color = self[role] ?? Theme.standardPalette[slot]
      text += "  base0\(digits): \"#\(color.description)\"\n"
    }
    text += """
      # What each colour is used for. Without this part the roles take theirs from the palette; one may
      # also name a slot (base0B), or terminal for the terminal's own colour.
      clustertop:

      """
    for role in Role.allCases {
      if let about = Theme.groups.first(where: { $0.first == role })?.about {
        text += "  # \(about)\n"
      }
      text +=
        "  \(role.name): " + (self[role].map { "\"#\($0.description)\"" } ?? "terminal") + "\n"
    }
    return text
  }

  /// For base00 to base0F a role that takes its colour from there.
  private static let slotRoles: [Role] = [
    .background, .statusBar, .selection, .dim, .dim, .text, .text, .title,
    .dead, .slow, .suspect, .alive, .frozen, .accent, .hint, .unknown,
  ]

  private static let groups: [(first: Role, about: String)] = [
    (.background, "The page."),
    (.alive, "Members of the cluster."),
    (.cut, "What happens to them and to the data."),
    (.chart1, "Series in charts, in order."),
    (.replica1, "Replicas of a key, in order of preference."),
    (.heat1, "From cool to hot, in meters and maps."),
  ]

  /// The readers know no escapes, so a name keeps one kind of quotes at most.
  private static func quoted(_ name: String) -> String {
    name.contains("\"") ? "'\(name.filter { $0 != "'" })'" : "\"\(name)\""
  }
}
