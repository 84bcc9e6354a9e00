import ClusterSim

/// What a line of `--plain` may begin with, beside the actions of the fault catalogue.
enum PlainCommand: String, CaseIterable {
  case run, back, step, status, nodes, faults, settings, lessons, lesson, hint, answer, skip, help,
    quit

  private var form: String {
    switch self {
    case .run, .back: "\(rawValue) [TIME]"
    case .settings: "settings [PART]"
    case .answer: "answer VALUE"
    default: rawValue
    }
  }

  private var meaning: String {
    switch self {
    case .run: "let time pass, such as 10s; Enter alone is one second"
    case .back: "go back in time; what you do there begins another future"
    case .step: "one event"
    case .status: "how the cluster is"
    case .nodes: "a sentence a node: what it is held for, and what it really is"
    case .faults: "a numbered list of all faults and changes, to choose from"
    case .settings: "settings whose names contain the part, with their values"
    case .lessons: "a numbered list of the lessons, to choose from"
    case .lesson: "what the lesson asks for now"
    case .hint: "the lesson's hint"
    case .answer: "your guess, where the lesson asks for a figure"
    case .skip: "go on without a guess"
    case .help: "this list"
    case .quit: "leave, as the end of the input does"
    }
  }

  static var sentences: [String] {
    allCases.map { "\($0.form): \($0.meaning)." } + [
      "Everything else is an action, as at the prompt of the dashboard: kill n3, set storage.r 1."
    ]
  }
}

/// A list that was read out and that a number chooses from.
enum PlainMenu {
  case none
  /// Beginnings of actions.
  case actions([String])
  /// Ids.
  case lessons([String])

  var isOpen: Bool {
    switch self {
    case .none: false
    case .actions, .lessons: true
    }
  }
}
