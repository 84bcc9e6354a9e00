import CellUI
import ClusterSim
import Glibc
import Scenarios

@testable import Dashboard

/// Clusters and screens for the tests.
enum Fixture {
  /// The cluster of the `default` scenario: n1 to n5 in east, n6 to n8 in west.
  static func configuration(
    seed: UInt64 = 1, _ change: (inout Settings) -> Void = { _ in }
  ) -> ClusterConfiguration {
    var settings = Settings()
    change(&settings)
    return ClusterConfiguration(
      name: "default", seed: seed,
      locations: [.init(name: "east", weight: 5), .init(name: "west", weight: 3)],
      nodes: (1...8).map { .init(name: "n\($0)", location: $0 <= 5 ? "east" : "west") },
      settings: settings)
  }

  /// The cluster after `seconds`, with actions on the way.
  static func cluster(
    seconds: Double, seed: UInt64 = 1, actions: [(Double, Action)] = [],
    _ change: (inout Settings) -> Void = { _ in }
  ) throws -> Simulation {
    var simulation = try Simulation(configuration(seed: seed, change))
    for (at, action) in actions {
      simulation.run(until: .zero + .seconds(at))
      try simulation.inject(action)
    }
    simulation.run(until: .zero + .seconds(seconds))
    return simulation
  }

  static func draw(
    _ simulation: Simulation, _ state: AppState, width: Int, height: Int,
    glyphs: Glyphs = .braille, lesson: LessonRunner? = nil, lessons: [LessonEntry] = []
  ) -> Canvas {
    var cache = DrawCache()
    let scene = Scene(simulation, state, lesson: lesson, cache: &cache)
    var canvas = Canvas(width: width, height: height, glyphs: glyphs)
    Screen.draw(scene, lessons: lessons, &canvas)
    return canvas
  }

  /// One running cluster, shared by the tests that only look. Nobody changes it, so that sharing it
  /// between threads is safe.
  nonisolated(unsafe) static let running: Simulation = {
    guard let cluster = try? cluster(seconds: 20) else { fatalError("the default cluster") }
    return cluster
  }()

  static func file(_ name: String, _ here: String = #filePath) -> String {
    var path = here
    while path.last != "/" { path.removeLast() }
    return path + "Golden/" + name
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    _ = fwrite(bytes, 1, bytes.count, file)
  }
}
