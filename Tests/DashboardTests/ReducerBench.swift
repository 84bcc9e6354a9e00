import CellUI
import ClusterSim
import Scenarios

@testable import Dashboard

/// A state, a cluster and keys pressed on them; injected actions take effect at once.
struct ReducerBench {
  var state = AppState()
  var simulation: Simulation
  var around = Surroundings(size: Size(width: 120, height: 40))
  var commands: [AppCommand] = []

  init(_ simulation: Simulation = Fixture.running) { self.simulation = simulation }

  @discardableResult
  mutating func press(_ keys: Key...) -> [AppCommand] {
    commands = []
    for key in keys {
      let new = AppReducer.reduce(&state, key, simulation, around)
      commands += new
      for case .inject(let action) in new {
        do { try simulation.inject(action) } catch {
          AppReducer.refused(&state, action, error)
        }
      }
    }
    return commands
  }

  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { press(.character(scalar)) }
  }

  func host(_ name: String) -> HostView? {
    simulation.hostID(named: name).map { simulation.host($0) }
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral value: Unicode.Scalar) { self = .character(value) }
}
