import CellUI
import ClusterSim
import Testing

@testable import Dashboard

@Suite struct KeymapTests {
  @Test func records_everyFaultWithKey_isBoundToIt() throws {
    for fault in FaultCatalogue.all {
      guard let key = fault.key else { continue }
      let scalar = try #require(key.unicodeScalars.first)
      for panel in PanelID.allCases {
        let record = Keymap.record(for: .character(scalar), focus: panel)
        #expect(record?.intent == .fault(fault.verb), "\(key) in \(panel)")
      }
      // Only capitals harm the cluster.
      #expect(key.isUppercase, "\(fault.verb)")
    }
  }

  @Test func records_oneContext_bindNoKeyTwice() {
    var seen: [KeyContext: [Key: String]] = [:]
    for record in Keymap.records {
      for key in record.keys {
        let other = seen[record.context]?[key]
        #expect(other == nil, "\(key) in \(record.context): \(record.help) and \(other ?? "")")
        seen[record.context, default: [:]][key] = record.help
      }
    }
  }

  @Test func records_words_areUniqueAndNoActions() {
    let words = Keymap.records.compactMap(\.word)
    #expect(Set(words).count == words.count)
    for word in words { #expect(FaultCatalogue.find(word) == nil, "\(word)") }
  }

  /// The keys that shared/screens.md fixes for what is in the program.
  @Test func records_keysOfTheScreensPage_areAllBound() {
    let keys: [Key] =
      "?q .[]{}+-0hjklgGzKPSLYCBHADxuUrtTVv:/nf<>sm,y12345678".unicodeScalars.map { .character($0) }
      + [
        .function(1), .function(10), .control("c"), .end, .tab, .backTab, .up, .down, .left, .right,
        .pageUp, .pageDown, .enter, .escape, .function(9), .control("p"), .control("l"),
        .control("z"), .function(2),
      ]
    for key in keys {
      let bound = Keymap.record(for: key, focus: .nodes)
      #expect(bound != nil, "\(key) does nothing")
    }
  }

  @Test func help_anyPanel_listsEveryRecordThatWorksThere() {
    for panel in PanelID.allCases {
      let listed = HelpRows.records(focus: panel, filter: "")
      for record in Keymap.records
      where record.context == .everywhere || record.context == .panel(panel) {
        #expect(listed.contains { $0.keys == record.keys && $0.context == record.context })
      }
      #expect(!listed.contains { $0.help.isEmpty || $0.shown.isEmpty })
    }
    let markdown = HelpRows.markdown
    for fault in FaultCatalogue.all where fault.key != nil {
      #expect(markdown.contains("`\(fault.key!)`"))
    }
  }

  @Test func footer_anyWidth_showsHelpAndQuitWhole() {
    for width in 11...210 {
      var state = AppState()
      state.isPaused = width % 2 == 0
      state.message = width % 3 == 0 ? Message(.error, "something is wrong") : nil
      var cache = DrawCache()
      let scene = Scene(Fixture.running, state, cache: &cache)
      var canvas = Canvas(width: width, height: 1)
      Footer.draw(scene, &canvas)
      #expect(canvas.grid.line(0).hasPrefix("?Help qQuit"))
      // What is named is named whole.
      for item in Footer.items(scene, width: width) {
        #expect(item.columns.upperBound <= width || item.record.intent == .quit)
      }
    }
  }

  @Test func panels_everyID_hasAPanelAndADigit() {
    #expect(Set(PanelCatalogue.all.map { $0.id }).count == PanelID.allCases.count)
    #expect(Set(PanelCatalogue.order(withLesson: true, withPath: true)) == Set(PanelID.allCases))
    for lesson in [false, true] {
      #expect(PanelCatalogue.digit(.path, withLesson: lesson, withPath: true) == 9)
      #expect(!PanelCatalogue.order(withLesson: lesson).contains(.path))
    }
    let usual = PanelCatalogue.order(withLesson: false)
    #expect(
      usual == [.ring, .nodes, .quorum, .latency, .cache, .events, .clients, .load, .topology])
    #expect(PanelCatalogue.digit(.topology, withLesson: false) == 9)
    // The tenth has no digit, but a key of its own wherever one is.
    #expect(Keymap.record(for: .character("c"), focus: .lesson)?.intent == .topology)
    #expect(PanelCatalogue.digit(.topology, withLesson: true) == nil)
    #expect(PanelCatalogue.digit(.lesson, withLesson: true) == 7)
  }
}
