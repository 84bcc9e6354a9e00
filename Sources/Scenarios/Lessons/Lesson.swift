import ClusterSim

/// A guided lesson: steps that ask, watch the cluster's state and say what was seen.
public struct Lesson: Equatable, Sendable {
  public let title: String
  /// The topic of a system-design review that it belongs to.
  public let topic: String
  public let steps: [Step]
  public let proof: Proof

  public struct Step: Equatable, Sendable {
    /// Two or three short sentences: what to bring about, and a question.
    public let say: String
    /// Asked before the goal is watched.
    public let predict: Prediction?
    public let goal: Condition
    /// Shown only on request.
    public let hint: String
    public let conclude: Conclusion
  }

  /// A guess that is scored against the measured value once the goal is reached.
  public struct Prediction: Equatable, Sendable {
    public let ask: String
    public let kind: Kind

    public enum Kind: Equatable, Sendable {
      /// Exactly one of them is true when the goal is reached; a lesson's proof checks that.
      case choices([Choice])
      /// A guess no further than `near` from the measured figure counts as right.
      case number(Figure, near: Double)
    }
    public struct Choice: Equatable, Sendable {
      public let text: String
      public let when: Condition
    }
  }

  /// What was seen, with the measured figures put in where the text names them in `{…}`.
  public struct Conclusion: Equatable, Sendable {
    public let parts: [Part]
    public enum Part: Equatable, Sendable {
      case text(String)
      case figure(Figure)
    }
  }

  /// How it is shown that the goals depend on the idea that is taught.
  public struct Proof: Equatable, Sendable {
    /// How long each trial lasts at most.
    public let length: Span
    /// With these the lesson must complete, on several seeds.
    public let actions: [TimedAction]
    /// With any of these, and with nothing at all, it must not.
    public let bypasses: [Bypass]
  }
  public struct Bypass: Equatable, Sendable {
    public let name: String
    public let actions: [TimedAction]
  }
}

extension Lesson.Conclusion {
  /// The text with the figures as they are now.
  public func text(in simulation: Simulation) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .figure(.setting(let path)):
        SettingCatalogue.find(path)?.text(in: simulation.settings) ?? "-"
      case .figure(let figure): figure.unit.text(figure.value(in: simulation))
      }
    }.joined()
  }
}
