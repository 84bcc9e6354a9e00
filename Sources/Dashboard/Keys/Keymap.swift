import CellUI
import ClusterSim

/// All bindings. Faults and changes come from `FaultCatalogue`, everything else stands here once.
public enum Keymap {
  /// In the order of the help.
  public static let records: [KeyRecord] =
    basics + time + faults + cluster + looking + lessons + program + panels + overlays

  /// The record that a key has now: of the focused panel first, then of everywhere.
  public static func record(for key: Key, focus: PanelID) -> KeyRecord? {
    byKey[.panel(focus)]?[key] ?? byKey[.everywhere]?[key]
  }

  /// The record that does `intent`.
  public static func record(doing intent: Intent) -> KeyRecord? {
    records.first { $0.intent == intent }
  }

  private static let byKey: [KeyContext: [Key: KeyRecord]] = {
    var table: [KeyContext: [Key: KeyRecord]] = [:]
    for record in records {
      for key in record.keys { table[record.context, default: [:]][key] = record }
    }
    return table
  }()

  private static func letter(_ character: Character) -> Key {
    .character(character.unicodeScalars.first!)
  }

  private static let basics: [KeyRecord] = [
    KeyRecord(
      [letter("?"), .function(1)], .help, word: "help", footer: "Help", rank: 0,
      "All keys that work here; type to filter, Enter runs one."),
    KeyRecord(
      [letter("q"), .function(10), .control("c")], .quit, word: "quit", footer: "Quit",
      rank: 1, "Leave at once."),
  ]

  private static let program: [KeyRecord] = [
    KeyRecord(
      [letter("d")], .definitions, word: "definitions", footer: "Define", rank: 46,
      "What the figures mean and how they are counted."),
    KeyRecord(
      [letter("w")], .consistency, word: "why", footer: "Why", rank: 45,
      "What consistency the clients got; why an operation failed, was slow or stale."),
    KeyRecord(
      [letter("p")], .predictions, word: "predictions", footer: "Predict", rank: 47,
      "What formulas predict for these settings, beside what was measured; Enter says why."),
    KeyRecord(
      [letter("M")], .shards, word: "shards", footer: "Shards", rank: 48,
      "Shards and their load, moves between groups, families of keys, queries over several."),
    KeyRecord(
      [letter(":"), .control("p")], .command, footer: "Command", rank: 30,
      "Type an action (kill n3), a setting (set storage.r 1) or a command; Tab completes."),
    KeyRecord(
      [letter("/")], .search, word: "search",
      "Find a node by name, or follow a key of the store."),
    KeyRecord(
      [letter("n")], .nextMatch, "The next node that the search or the filter finds."),
    KeyRecord(
      [letter("N")], .previousMatch, "The node before that the search or the filter finds."),
    KeyRecord(
      [letter("f")], .filter, word: "filter",
      "List only the nodes whose name contains what you type."),
    KeyRecord(
      [letter("F")], .follow, word: "follow",
      "Follow a key of the store: the ring shows where it lives."),
    KeyRecord(
      [letter(","), .function(2)], .settings, word: "settings", footer: "Settings", rank: 44,
      "Every setting with its value, range and meaning; Enter changes one."),
    KeyRecord(
      [letter("T")], .nextTheme, word: "theme", footer: "Theme", rank: 18, "The next theme."),
    KeyRecord([letter("V")], .preset(1), word: "layout", "The next layout."),
    KeyRecord([letter("v")], .preset(-1), "The layout before."),
    KeyRecord(
      [letter("m")], .mouse, word: "mouse",
      "Mouse on or off; off lets the terminal select text."),
    KeyRecord([letter("y")], .copyScreen, word: "copy", "Save the screen as text."),
    KeyRecord(
      [letter("R")], .saveRecording, word: "record",
      "Save the session as a recording, which `clustertop replay` plays again."),
    KeyRecord([.control("l")], .redraw, word: "redraw", "Draw the whole screen again."),
    KeyRecord([.control("z")], .suspend, word: "suspend", "Back to the shell; fg returns."),
  ]

  private static let time: [KeyRecord] = [
    KeyRecord(
      [.character(" ")], .pause, word: "pause", footer: "Pause", footerKey: "SPC", rank: 2,
      "Stop or run simulated time itself; keys and panels go on."),
    KeyRecord(
      [letter(".")], .step, word: "step", footer: "Step", rank: 3,
      "While paused: one event."),
    KeyRecord(
      [letter("[")], .seek(-1), word: "back", footer: "Scrub", footerKey: "[ ]", rank: 16,
      "One second back."),
    KeyRecord([letter("]")], .seek(1), word: "forward", "One second forward."),
    KeyRecord([letter("{")], .seek(-10), "Ten seconds back."),
    KeyRecord([letter("}")], .seek(10), "Ten seconds forward."),
    KeyRecord([.end], .live, word: "live", "To the latest time of the run."),
    KeyRecord(
      [letter("+"), letter("=")], .faster, word: "faster", footer: "Speed", footerKey: "+ -",
      rank: 26,
      "Twice the speed, up to 100."),
    KeyRecord([letter("-")], .slower, word: "slower", "Half the speed, down to 0.1."),
    KeyRecord([letter("0")], .normalSpeed, word: "realtime", "Speed 1."),
  ]

  private static let looking: [KeyRecord] =
    (1...9).map { digit in
      KeyRecord(
        [letter(Character("\(digit)"))], .panel(digit),
        "Panel \(digit).")
    } + [
      KeyRecord(
        [letter("c")], .topology, word: "topology",
        "The topology panel: locations and the links between them; in a lesson it has no digit."),
      KeyRecord([.tab], .nextPanel, "The next panel."),
      KeyRecord([.backTab], .previousPanel, "The panel before."),
      KeyRecord([.up, letter("k")], .move(.up), "Up."),
      KeyRecord([.down, letter("j")], .move(.down), "Down."),
      KeyRecord([.left, letter("h")], .move(.left), "Left."),
      KeyRecord([.right, letter("l")], .move(.right), "Right."),
      KeyRecord([letter("g"), .home], .move(.first), "To the first."),
      KeyRecord([letter("G")], .move(.last), "To the last."),
      KeyRecord([.pageUp], .move(.pageUp), "Ten up."),
      KeyRecord([.pageDown], .move(.pageDown), "Ten down."),
      KeyRecord(
        [.enter], .details, footer: "Details", rank: 17, "Details of what is selected."),
      KeyRecord(
        [letter("z")], .zoom, word: "zoom", footer: "Zoom", rank: 14,
        "The focused panel over the whole screen, or back."),
      KeyRecord([.escape], .back, "One level back."),
      KeyRecord(
        [letter("o")], .observer, word: "observer", footer: "Observer", rank: 40,
        "See the cluster as the selected node sees it; again: as the first live node does."),
    ]

  private static let cluster: [KeyRecord] = [
    KeyRecord(
      [letter("x")], .faultMenu, word: "faults", footer: "More", rank: 11,
      "All faults and changes with their parameters."),
    KeyRecord(
      [letter("u")], .undo, word: "undo", footer: "Undo", rank: 4,
      "Take the last fault or change back."),
    KeyRecord(
      [letter("U")], .healAll, word: "heal-all", footer: "HealAll", rank: 12,
      "End every fault on hosts and links."),
    KeyRecord(
      [letter("r")], .recover, footer: "Recover", rank: 62, "End every fault on the selected host."),
  ]

  private static let faults: [KeyRecord] = FaultCatalogue.all.enumerated().compactMap {
    place, record in
    guard let key = record.key else { return nil }
    let what = "\(record.title): \(record.meaning)."
    // The first three are named early in the footer, the others where room is left.
    let early = ["kill": 8, "partition": 9, "slow": 10][record.verb]
    return KeyRecord(
      [letter(key)], .fault(record.verb), footer: record.footerWord, rank: early ?? 60 + place,
      record.verb == "kill" ? what + " On a killed host: restart." : what)
  }

  private static let lessons: [KeyRecord] = [
    KeyRecord(
      [letter("t"), .function(9)], .lessons, word: "lessons", footer: "Lessons", rank: 13,
      "The lessons."),
    KeyRecord(
      [letter("i")], .lessonHint, word: "hint", footer: "Hint", rank: 3,
      "In a lesson: show or hide the hint."),
  ]

  private static let panels: [KeyRecord] = [
    KeyRecord(
      [letter("+"), letter("=")], .more, footer: "Change", footerKey: "+ -", rank: 3,
      in: .panel(.quorum),
      "One more of the chosen N, R or W."),
    KeyRecord(
      [letter("-")], .less, in: .panel(.quorum),
      "One less of the chosen N, R or W."),
    KeyRecord(
      [letter("s")], .sort, footer: "Sort", rank: 36, in: .panel(.nodes),
      "Turn the order of the nodes round."),
    KeyRecord([letter("<")], .sortLeft, in: .panel(.nodes), "Order by the column to the left."),
    KeyRecord([letter(">")], .sortRight, in: .panel(.nodes), "Order by the column to the right."),
    KeyRecord(
      [.enter], .details, footer: "GoOn", rank: 2, in: .panel(.lesson),
      "Answer the question, or go on from what was concluded."),
    KeyRecord(
      [letter("R")], .lessonRestart, word: "restart-lesson", footer: "Again", rank: 7,
      in: .panel(.lesson), "Begin the lesson again."),
    KeyRecord(
      [letter("X")], .lessonLeave, word: "leave-lesson", footer: "Leave", rank: 7,
      in: .panel(.lesson), "Leave the lesson; the cluster stays as it is."),
  ]
}

// What is open in front of the panels.
extension Keymap {
  /// The record that a key has in an open overlay.
  public static func record(for key: Key, in overlay: OverlayKind) -> KeyRecord? {
    byKey[.overlay(overlay)]?[key]
  }

  fileprivate static let overlays: [KeyRecord] = OverlayKind.allCases.flatMap { kind in
    [
      KeyRecord(
        [.enter], .details, footer: enter(kind).footer, rank: 2, in: .overlay(kind),
        enter(kind).help),
      KeyRecord([.escape], .back, footer: "Back", rank: 3, in: .overlay(kind), "One level back."),
      KeyRecord([.up], .move(.up), in: .overlay(kind), "Up."),
      KeyRecord([.down], .move(.down), in: .overlay(kind), "Down."),
      KeyRecord([.pageUp], .move(.pageUp), in: .overlay(kind), "Ten up."),
      KeyRecord([.pageDown], .move(.pageDown), in: .overlay(kind), "Ten down."),
    ]
  }

  private static func enter(_ kind: OverlayKind) -> (footer: String, help: String) {
    switch kind {
    case .help: ("Run", "Do what the chosen line says.")
    case .faultMenu: ("Choose", "Write the action on the prompt, to be changed and run.")
    case .cut: ("Cut", "Cut the network this way.")
    case .settings: ("Change", "Write the setting on the prompt, to be changed.")
    case .lessons: ("Start", "Start the lesson.")
    case .consistency: ("Why", "The time-line of a violation, the course of an operation.")
    case .predictions: ("Formula", "Formula, source, assumptions, and why it may differ.")
    case .definitions, .details: ("Close", "Back to the panels.")
    }
  }
}

extension FaultRecord {
  /// A word for the footer.
  var footerWord: String {
    verb == "partition" ? "Part" : String(title.prefix { $0 != " " })
  }
}
