import ClusterSim

/// A figure as a condition names it, with what it is of.
public enum Figure: Equatable, Sendable {
  case measured(name: String, of: Subject)
  case setting(path: String)

  public enum Subject: Equatable, Sendable {
    case clients(location: String?, FigureWindow)
    case location(String)
    case pair(String, String)
    case cluster
  }

  public var unit: FigureUnit {
    switch self {
    case .measured(let name, _): FigureCatalogue.find(name)?.unit ?? .count
    case .setting: .count
    }
  }

  /// The figure now: shares from 0 to 1, times in milliseconds (`time` in seconds), yes as 1.
  ///
  /// Nil where it does not exist: nothing has ended, no such location. Settings are no numbers
  /// here; a clause compares them by their own type.
  public func value(in simulation: Simulation) -> Double? {
    guard case .measured(let name, let subject) = self,
      let definition = FigureCatalogue.find(name)
    else { return nil }
    switch (definition.source, subject) {
    case (.clients(let measure, let recent), .clients(let location, let window)):
      return Self.clients(measure, recent, location, window, simulation)
    case (.location(let measure), .location(let name)):
      return simulation.locationNames.firstIndex(of: name).flatMap { measure(simulation, $0) }
    case (.pair(let measure), .pair(let first, let second)):
      guard let first = simulation.hostID(named: first),
        let second = simulation.hostID(named: second)
      else { return nil }
      return measure(simulation, first, second)
    case (.cluster(let measure), .cluster): return measure(simulation)
    // The parser pairs a figure only with the subject it takes.
    case (.clients, _), (.location, _), (.pair, _), (.cluster, _): return nil
    }
  }

  /// The canonical text.
  public var text: String {
    switch self {
    case .setting(let path): "settings.\(path)"
    case .measured(let name, .clients(nil, .run)), .measured(let name, .cluster): name
    case .measured(let name, .clients(nil, let window)): "\(name)(\(window.rawValue))"
    case .measured(let name, .clients(let location?, .run)): "\(name)(\(location))"
    case .measured(let name, .clients(let location?, let window)):
      "\(name)(\(location), \(window.rawValue))"
    case .measured(let name, .location(let location)): "\(name)(\(location))"
    case .measured(let name, .pair(let first, let second)): "\(name)(\(first), \(second))"
    }
  }

  private static func clients(
    _ measure: ([ClientFigures]) -> Double?, _ recent: FigureDefinition.RecentKey?,
    _ location: String?, _ window: FigureWindow, _ simulation: Simulation
  ) -> Double? {
    let metrics = simulation.metrics
    var index: Int?
    if let location {
      index = simulation.locationNames.firstIndex(of: location)
      if index == nil { return nil }
    }
    switch window {
    case .run: return measure([index.map { metrics.figures(of: $0) } ?? metrics.total])
    case .phase:
      guard let phase = metrics.phases.last else { return nil }
      return measure(index.map { [phase.locations[$0]] } ?? phase.locations)
    case .recent:
      guard let recent else { return nil }
      let series = index.map { metrics.recent[$0] } ?? metrics.recentTotal
      let samples = series[keyPath: recent].last(recentSamples).filter { !$0.isNaN }
      return samples.isEmpty ? nil : samples.reduce(0, +) / Double(samples.count)
    }
  }

  /// Three seconds.
  static let recentSamples = 6
}

extension FigureUnit {
  /// The figure as it is shown; `-` where there is none.
  public func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    switch self {
    case .count: return "\(Int(value))"
    case .share: return Decimal.text(value * 100, places: 1) + "%"
    case .milliseconds: return Decimal.text(value, places: value < 10 ? 2 : 1) + "ms"
    case .seconds: return Decimal.text(value, places: 1) + "s"
    case .yesOrNo: return value == 0 ? "no" : "yes"
    }
  }
}
