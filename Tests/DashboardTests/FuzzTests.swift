import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

@Suite struct FuzzTests {
  /// Any keys in any order: nothing traps, what is promised of the state holds, and it can be drawn
  /// at any size.
  @Test func keys_anyOrder_keepTheStateSound() throws {
    let sizes = [(1, 1), (20, 3), (45, 9), (62, 17), (80, 24), (80, 50), (120, 40), (200, 50)]
    for seed in UInt64(1)...6 {
      var random = SplitMix(state: seed)
      var simulation = try Fixture.cluster(seconds: 3, seed: seed)
      var state = AppState()
      let lesson = try Catalogue.builtIn("partition-cost")?.lesson
      var refused = 0
      for press in 0..<400 {
        let (width, height) = sizes[random.below(sizes.count)]
        var around = Surroundings(
          size: Size(width: width, height: height),
          lessons: [LessonEntry(id: "partition-cost", title: "T", topic: "C")])
        if seed % 2 == 0 { around.lesson = lesson.map { LessonRunner($0) } }
        let key = Self.key(&random, around.size)
        for command in AppReducer.reduce(&state, key, simulation, around) {
          if case .inject(let action) = command {
            do { try simulation.inject(action) } catch {
              refused += 1
              AppReducer.refused(&state, action, error)
              #expect(state.message?.kind == .error)
            }
          }
        }
        #expect((0.1...100).contains(state.speed))
        #expect(state.undo.count <= AppState.undoLimit)
        #expect(state.preset >= 0 && state.preset < Layout.presets)
        if press % 10 == 0 {
          simulation.run(until: simulation.now + .milliseconds(50))
          let canvas = Fixture.draw(
            simulation, state, width: width, height: height, lesson: around.lesson,
            lessons: around.lessons)
          #expect(canvas.grid.size == around.size)
        }
      }
      // Esc leads back to the panels from wherever the keys have led.
      let around = Surroundings(size: Size(width: 80, height: 24))
      for _ in 0..<(state.overlays.count + 2) {
        _ = AppReducer.reduce(&state, .escape, simulation, around)
      }
      #expect(state.overlays.isEmpty && state.line == nil)
      #expect(refused < 400)
    }
  }

  private static func key(_ random: inout SplitMix, _ size: Size) -> Key {
    let special: [Key] = [
      .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
      .backspace, .delete, .insert, .control("p"), .control("w"), .function(1), .function(2),
      .function(9), .resize, .paste("kill n3"), .paste("set storage.r 1"),
    ]
    switch random.below(10) {
    case 0..<4: return special[random.below(special.count)]
    case 4:
      let actions: [MouseEvent.Action] = [.click, .doubleClick, .wheelUp, .wheelDown]
      return .mouse(
        MouseEvent(
          actions[random.below(4)], x: random.below(size.width + 2),
          y: random.below(size.height + 2)))
    default: return .character(Unicode.Scalar(UInt8(32 + random.below(95))))
    }
  }

  /// SplitMix64 (Steele, Lea, Flood 2014), for the tests alone.
  private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }
}

@Suite struct DefinitionTests {
  /// Whatever the panels print as a figure or a reason can be looked up.
  @Test func definitions_reasonsAndColumns_areAllExplained() {
    let text = Definitions.all.map { $0.term + " " + $0.meaning }.joined(separator: "\n")
    for reason in FailureReason.allCases { #expect(text.contains(reason.name), "\(reason.name)") }
    for column in NodeColumn.allCases {
      let plain: [NodeColumn] = [.node, .location, .keys, .ops]
      #expect(plain.contains(column) || text.contains(column.title), "\(column.title)")
    }
    for word in ["answered", "stale", "hit ratio", "evicted", "expired", "OK", "PARTLY", "LOST"] {
      #expect(text.contains(word))
    }
  }
}

@Suite struct ColourTests {
  /// Red says dead and yellow says suspect; a healthy node's own colour must say neither.
  @Test func node_anyIndex_hasNoAlarmColour() {
    let theme = Theme.standard
    for index in 0..<64 {
      let colour = theme[Words.node(index).role]
      for alarm: Role in [.dead, .suspect, .cut, .error, .warning] {
        #expect(colour != theme[alarm], "\(index) looks like \(alarm)")
      }
    }
  }
}
