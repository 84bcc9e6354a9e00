import CellUI
import ClusterSim
import Testing

@testable import Dashboard

@Suite struct ScreenTests {
  static let widths =
    Array(1...22) + [30, 39, 40, 41, 59, 60, 61, 79, 80, 81, 84, 85, 99, 100, 119, 120, 159, 160]
    + [200, 210]
  static let heights = Array(1...9) + [15, 16, 17, 23, 24, 31, 32, 43, 44, 46, 50, 60]

  /// Drawn without a trap, with a state whose parts are all in use.
  @Test func draw_everySize_showsWhatIsLeft() throws {
    let cluster = try Fixture.cluster(
      seconds: 12, actions: [(5, .kill(host: "n2")), (7, .partition(.halves))])
    for (index, width) in Self.widths.enumerated() {
      for height in Self.heights {
        var state = AppState()
        state.focus = PanelID.allCases[(index + height) % PanelID.allCases.count]
        state.isZoomed = height % 5 == 0
        state.preset = height % 3
        if height % 4 == 0 { state.line = LineEntry(.command, "kil") }
        if height % 7 == 0 { state.overlays = [.help(filter: InputLine(), row: 2)] }
        let canvas = Fixture.draw(cluster, state, width: width, height: height)
        #expect(canvas.grid.size == Size(width: width, height: height))
        #expect(canvas.grid.text.contains { $0 != " " && $0 != "\n" }, "\(width)x\(height)")
      }
    }
  }

  @Test func draw_tinySizes_showAsMuchOfTheOneLineAsFits() {
    let whole = "8/8 up OK p99 "
    for width in 1...14 {
      let canvas = Fixture.draw(Fixture.running, AppState(), width: width, height: 1)
      var expected = String(whole.prefix(width))
      while expected.last == " " { expected.removeLast() }
      #expect(canvas.grid.line(0).hasPrefix(expected), "\(width)")
    }
  }

  @Test func draw_ascii_sendsSevenBitOnly() throws {
    let cluster = try Fixture.cluster(
      seconds: 12, actions: [(5, .kill(host: "n2")), (6, .freeze(host: "n3"))])
    let overlays: [Overlay?] = [
      nil, .help(filter: InputLine(), row: 0), .faultMenu(row: 0), .cut(row: 0),
      .settings(filter: InputLine(), row: 0), .lessons(row: 0), .definitions(row: 0),
      .details(.faults, offset: 0), .details(.key("user:1"), offset: 0),
    ]
    for (width, height) in [(20, 3), (40, 12), (60, 16), (80, 24), (120, 40), (200, 50)] {
      for overlay in overlays {
        var state = AppState()
        if let overlay { state.overlays = [overlay] }
        let canvas = Fixture.draw(cluster, state, width: width, height: height, glyphs: .ascii)
        #expect(canvas.grid.text.unicodeScalars.allSatisfy { $0.isASCII })
      }
    }
  }

  @Test func panels_each_drawInsideTheirCanvasOnly() throws {
    let cluster = try Fixture.cluster(seconds: 12, actions: [(5, .kill(host: "n2"))])
    var cache = DrawCache()
    for panel in PanelCatalogue.all {
      for (width, height) in [(1, 1), (3, 2), (9, 5), (31, 10), (48, 12), (90, 30)] {
        var state = AppState()
        state.focus = panel.id
        state.isZoomed = true
        let scene = Scene(cluster, state, cache: &cache)
        var canvas = Canvas(width: width + 4, height: height + 4)
        canvas.fill(nil, "#", Style(.error))
        let area = Rect(x: 2, y: 2, width: width, height: height)
        canvas.inside(area) {
          $0.fill()
          panel.draw(scene, &$0)
        }
        for y in 0..<canvas.height {
          for x in 0..<canvas.width where !area.contains(Point(x, y)) {
            #expect(canvas.grid[x, y] == Cell("#", Style(.error)), "\(panel.id) \(x),\(y)")
          }
        }
      }
    }
  }

  @Test func layouts_panelsSizes_tileTheScreen() {
    for width in stride(from: 80, through: 210, by: 5) {
      for height in 24...60 {
        for lesson in [false, true] {
          let layout = Layout(
            Size(width: width, height: height), focus: .nodes, isZoomed: false, preset: 0,
            withLesson: lesson)
          let area = layout.places.reduce(0) { $0 + $1.frame.width * $1.frame.height }
          #expect(area == width * (height - 2), "\(width)x\(height)")
          for (index, place) in layout.places.enumerated() {
            for other in layout.places.dropFirst(index + 1) {
              #expect(place.frame.intersection(other.frame).isEmpty)
            }
          }
        }
      }
    }
  }

  /// Whatever is focused can be seen.
  @Test func layouts_everyFocus_hasAPlace() {
    for (width, height) in [(80, 24), (80, 50), (120, 40), (200, 50)] {
      for preset in 0..<Layout.presets {
        for lesson in [false, true] {
          for panel in PanelCatalogue.order(withLesson: lesson) {
            let layout = Layout(
              Size(width: width, height: height), focus: panel, isZoomed: false, preset: preset,
              withLesson: lesson)
            #expect(layout.place(of: panel) != nil, "\(panel) at \(width)x\(height)")
          }
        }
      }
    }
  }

  @Test func status_faults_tellTheTruthInWords() throws {
    let cut = try Fixture.cluster(
      seconds: 10, actions: [(5, .partition(.halves))]
    ) {
      $0.storage.n = 5
      $0.storage.r = 3
      $0.storage.w = 3
    }
    let line = Fixture.draw(cut, AppState(), width: 200, height: 50).grid.line(0)
    #expect(line.contains("8/8 up"))
    #expect(line.contains("PARTLY"))
    // Nobody can be reached by a majority of three when two of three copies are gone for good.
    let dead = try Fixture.cluster(
      seconds: 10, actions: (1...8).map { (5, .kill(host: "n\($0)")) })
    let lost = Fixture.draw(dead, AppState(), width: 200, height: 50).grid.line(0)
    #expect(lost.contains("0/8 up"))
    #expect(lost.contains("east LOST"))
    #expect(lost.contains("west LOST"))
    var paused = AppState()
    paused.isPaused = true
    paused.liveEdge = .zero + .seconds(22)
    let shown = Fixture.draw(Fixture.running, paused, width: 120, height: 40).grid.line(0)
    #expect(shown.contains("PAUSED"))
    #expect(shown.contains("2.0s before live"))
  }

  /// A killed node: what one observer believes, and what is true, side by side.
  @Test func nodes_killedNode_beliefFollowsTheDetector() throws {
    let kill: [(Double, Action)] = [(15, .kill(host: "n6"))]
    func row(_ seconds: Double) throws -> String {
      let cluster = try Fixture.cluster(seconds: seconds, actions: kill)
      let grid = Fixture.draw(cluster, AppState(), width: 120, height: 40).grid
      let rows = (0..<grid.height).map { grid.line($0) }
      return try #require(rows.first { $0.contains("│  n6 ") || $0.contains("▶ n6 ") })
    }
    // Suspect after 1.5 s without a beat, dead 1.5 s later; gossip adds some rounds.
    for (seconds, belief) in [(15.2, "● alive"), (17.5, "? suspect"), (25, "✗ dead")] {
      let shown = try row(seconds)
      #expect(shown.contains(belief) && shown.contains("killed"), "\(seconds): \(shown)")
    }
  }

  @Test func plain_text_saysTheSame() throws {
    var cache = DrawCache()
    let cluster = try Fixture.cluster(seconds: 25, actions: [(15, .kill(host: "n6"))])
    let scene = Scene(cluster, AppState(), cache: &cache)
    #expect(PlainText.status(scene)[0].contains("7 of 8 nodes up"))
    #expect(PlainText.nodes(scene)[5].contains("n6 in west: dead to n1, really killed"))
    let events = PlainText.events(cluster.log, since: 0)
    #expect(events.count == cluster.log.count)
    #expect(events.contains { $0.contains("You: ") && $0.contains("kill n6") })
    #expect(PlainText.brief(scene).hasPrefix("00:25.0: 7 of 8 nodes up, "))
    let early = try Fixture.cluster(seconds: 0)
    #expect(
      PlainText.brief(Scene(early, AppState(), cache: &cache))
        == "00:00.0: 8 of 8 nodes up, nothing measured yet.")
  }
}

@Suite struct PacerTests {
  private let second: Int64 = 1_000_000_000

  @Test func target_speedTen_isTenTimesTheElapsed() {
    var pacer = Pacer()
    #expect(pacer.target(wall: 5 * second, now: .zero, speed: 10) == .zero)
    pacer.reached(.zero)
    let target = pacer.target(wall: 5 * second + second / 10, now: .zero, speed: 10)
    #expect(target == .zero + .seconds(1))
  }

  @Test func target_paused_standsStillAndCatchesNothingUp() {
    var pacer = Pacer()
    let now = Instant.zero + .seconds(3)
    _ = pacer.target(wall: 0, now: now, speed: 1)
    #expect(pacer.target(wall: second, now: now, speed: 0) == now)
    #expect(pacer.target(wall: 2 * second, now: now, speed: 0) == now)
    #expect(
      pacer.target(wall: 2 * second + 10_000_000, now: now, speed: 1) == now + .milliseconds(10))
  }

  @Test func target_longGap_countsAsAQuarterSecond() {
    var pacer = Pacer()
    _ = pacer.target(wall: 0, now: .zero, speed: 2)
    let target = pacer.target(wall: 3600 * second, now: .zero, speed: 2)
    #expect(target == .zero + .milliseconds(500))
  }

  @Test func lag_onlyHalfReached_saysTheRealRatio() throws {
    var pacer = Pacer()
    var now = Instant.zero
    for frame in 0...40 {
      let target = pacer.target(wall: Int64(frame) * second / 10, now: now, speed: 100)
      now = now + (target - now) / 2
      pacer.reached(now)
    }
    let lag = try #require(pacer.lag)
    #expect(abs(lag - 50) < 0.5)
    // Keeping up, there is nothing to say.
    var quick = Pacer()
    now = .zero
    for frame in 0...40 {
      now = quick.target(wall: Int64(frame) * second / 10, now: now, speed: 4)
      quick.reached(now)
    }
    #expect(quick.lag == nil)
    #expect(abs((quick.ratio ?? 0) - 4) < 0.01)
  }
}
