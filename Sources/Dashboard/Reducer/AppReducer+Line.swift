import CellUI
import ClusterSim
import Scenarios

/// One way to go on with what is typed at the prompt.
struct PromptChoice: Equatable {
  let text: String
  let meaning: String
  let line: String
}

// The line at the bottom.
extension AppReducer {
  /// Words that take an argument of their own; all others do what a key does.
  private static let words: [(word: String, meaning: String)] = [
    ("speed", "virtual seconds per second, 0.1 to 100"),
    ("follow", "a key of the store: the ring shows where it lives"),
    ("select", "a node"), ("observe", "see the cluster as this node does"),
    ("lesson", "start a lesson by its id"),
  ]

  /// What may stand next, actions first.
  static func choices(
    _ text: String, _ simulation: Simulation, _ lessons: [LessonEntry]
  ) -> [PromptChoice] {
    let names = ActionNames(of: simulation)
    var result = ActionGrammar.completions(for: text, names: names).map {
      PromptChoice(text: $0.text, meaning: $0.meaning, line: $0.line)
    }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    func add(_ candidates: [(String, String)], after head: String, _ begun: String) {
      for (word, meaning) in candidates where word.hasPrefix(begun) {
        result.append(PromptChoice(text: word, meaning: meaning, line: head + word))
      }
    }
    if parts.count <= 1 {
      add(words.map { ($0.word, $0.meaning) }, after: "", text)
      add(Keymap.records.compactMap { r in r.word.map { ($0, r.help) } }, after: "", text)
    } else if parts.count == 2 {
      let head = parts[0] + " "
      switch parts[0] {
      case "select", "observe": add(names.nodes.map { ($0, "node") }, after: head, parts[1])
      case "lesson": add(lessons.map { ($0.id, $0.title) }, after: head, parts[1])
      case "speed": add(Self.speeds.map { (short($0), "") }, after: head, parts[1])
      default: break
      }
    }
    return result
  }

  static func short(_ speed: Double) -> String {
    speed == speed.rounded() ? "\(Int(speed))" : "\(speed)"
  }

  mutating func typeLine(_ key: Key) {
    guard var line = state.line else { return }
    switch key {
    case .escape:
      if line.purpose == .filter { state.nodeFilter = "" }
      state.line = nil
      return
    case .enter:
      submit(line)
      return
    case .tab, .backTab, .up, .down:
      walk(key, &line)
    default:
      if line.input.handle(key) {
        line.choice = nil
        line.error = nil
        if line.purpose == .filter { state.nodeFilter = line.input.text }
      }
    }
    state.line = line
  }

  /// Through completions, or through the history where nothing is typed yet.
  private mutating func walk(_ key: Key, _ line: inout LineEntry) {
    guard line.purpose == .command else { return }
    if (key == .up || key == .down) && (line.input.text.isEmpty || line.historyIndex > 0) {
      let index = line.historyIndex + (key == .up ? 1 : -1)
      guard (0...state.history.count).contains(index) else { return }
      line.historyIndex = index
      line.input = InputLine(index == 0 ? "" : state.history[state.history.count - index])
      return
    }
    let choices = Self.choices(line.input.text, simulation, around.lessons)
    guard !choices.isEmpty else { return }
    switch key {
    case .tab:
      let chosen = choices[min(line.choice ?? 0, choices.count - 1)]
      line.input = InputLine(chosen.line + " ")
      line.choice = nil
      line.error = nil
    case .down: line.choice = min((line.choice ?? -1) + 1, choices.count - 1)
    case .up, .backTab: line.choice = max((line.choice ?? choices.count) - 1, 0)
    default: break
    }
  }

  private mutating func submit(_ line: LineEntry) {
    var line = line
    if line.purpose == .command, let choice = line.choice {
      let choices = Self.choices(line.input.text, simulation, around.lessons)
      if choices.indices.contains(choice) { line.input = InputLine(choices[choice].line + " ") }
      line.choice = nil
      // A chosen word that is not yet a whole command goes on being typed.
      if !isWhole(line.input.text.trimmed) {
        state.line = line
        return
      }
    }
    let text = line.input.text.trimmed
    state.line = nil
    guard !text.isEmpty else { return }
    switch line.purpose {
    case .command: command(text, line)
    case .search: search(text)
    case .key: follow(text)
    case .filter: state.nodeFilter = text
    case .guess: guess(text, line)
    }
  }

  private func isWhole(_ text: String) -> Bool {
    if Keymap.records.contains(where: { $0.word == text }) { return true }
    return (try? ActionGrammar.parse(text, names: names)) != nil
  }

  private mutating func command(_ text: String, _ line: LineEntry) {
    if state.history.last != text { state.history.append(text) }
    if state.history.count > AppState.historyLimit { state.history.removeFirst() }
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = parts.count > 1 ? parts[1].trimmed : ""
    var problem: String?
    if let record = Keymap.records.first(where: { $0.word == text }) {
      perform(record.intent)
    } else if Self.words.contains(where: { $0.word == parts[0] }) {
      problem = ownWord(parts[0], rest)
    } else if FaultCatalogue.find(parts[0]) == nil {
      let known =
        FaultCatalogue.all.map(\.verb) + Self.words.map(\.word) + Keymap.records.compactMap(\.word)
      problem = Nearest.message("command", parts[0], among: known)
    } else {
      do { inject(try ActionGrammar.parse(text, names: names)) } catch {
        problem = error.message
      }
    }
    if let problem {
      // The line stays, so that it can be mended.
      var again = line
      again.error = problem
      state.line = again
    }
  }

  /// A word with an argument; the complaint if it is wrong.
  private mutating func ownWord(_ word: String, _ rest: String) -> String? {
    switch word {
    case "speed":
      let text = rest.hasPrefix("x") ? String(rest.dropFirst()) : rest
      guard let speed = Double(text), (0.1...100).contains(speed) else {
        return "'\(rest)' is no speed: 0.1 to 100"
      }
      state.speed = speed
    case "follow":
      if rest.isEmpty { return "follow needs a key, such as \(state.followedKey)" }
      follow(rest)
    case "select", "observe":
      guard let id = simulation.hostID(named: rest), simulation.storageNodes.contains(id) else {
        return Nearest.message("node", rest, among: names.nodes)
      }
      if word == "select" { state.selectedNode = id } else { state.observer = id }
    default:
      guard around.lessons.contains(where: { $0.id == rest }) else {
        return Nearest.message("lesson", rest, among: around.lessons.map(\.id))
      }
      commands.append(.lesson(.start(id: rest)))
    }
    return nil
  }

  /// A node whose name has the text, else a key of the store.
  private mutating func search(_ text: String) {
    state.searched = text
    if names.nodes.contains(where: { $0.contains(text) }) {
      if let exact = simulation.hostID(named: text), simulation.storageNodes.contains(exact) {
        state.selectedNode = exact
      } else {
        selectMatch(forward: true)
      }
    } else {
      follow(text)
    }
  }

  private mutating func follow(_ key: String) {
    state.followedKey = key
    let homes = simulation.homes(ofKey: key).map { simulation.host($0).name }
    say(.done, "\(key) lives on \(homes.joined(separator: ", "))")
  }

  private mutating func guess(_ text: String, _ line: LineEntry) {
    guard let prediction = around.lesson?.step?.predict else { return }
    if let answer = prediction.answer(from: text) {
      commands.append(.lesson(.predict(answer)))
    } else {
      var again = line
      again.error = "'\(text)' is no such figure; a number, with its unit where it has one"
      state.line = again
    }
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    var rest = Substring(self)
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
