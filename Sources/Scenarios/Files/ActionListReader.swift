import ClusterSim

/// Reads lists of timed actions: `{at: 20s, kill: n3}` or `{at: 5s, do: "kill n3"}`; with
/// `after: 8123` what a session did once so many events had happened.
struct ActionListReader {
  let reader: FieldReader

  static let actionLimit = 4000

  /// The planned actions of a list in order of time, two at the same time in the file's order, and
  /// those that a session did, which must stand in the order in which they were done.
  func actions(
    _ node: YAMLNode, _ start: ActionNames
  ) throws(ScenarioError) -> (planned: [TimedAction], recorded: [Recording.Entry]) {
    var items: [(at: Instant, node: YAMLNode)] = []
    var recorded: [Recording.Entry] = []
    for item in try reader.list(node, "actions", limit: Self.actionLimit) {
      let at = try time(item)
      guard let count = try fields(item).node("after") else {
        items.append((at, item))
        continue
      }
      let after = try reader.integer(count, "after", 0...Recording.mostEvents)
      if let last = recorded.last, last.after > after || last.done.at > at {
        throw reader.fail(
          count.position, "what a session did stands in the order in which it did it")
      }
      // Whom it is aimed at shows when it is done again.
      let action = try action(item, nil)
      recorded.append(.init(after: after, done: TimedAction(at: at, action: action)))
    }
    let order = items.indices.sorted { (items[$0].at, $0) < (items[$1].at, $1) }
    // Names are checked in order of time: a node may be killed once it has joined.
    var names = start
    var actions: [TimedAction] = []
    for index in order {
      let action = try action(items[index].node, names)
      actions.append(TimedAction(at: items[index].at, action: action))
      names = Self.names(names, after: actions.suffix(1))
    }
    return (actions, recorded)
  }

  /// The names that can be used once these actions have happened.
  static func names(_ names: ActionNames, after actions: some Sequence<TimedAction>) -> ActionNames
  {
    var names = names
    for case .join(let node, _, _) in actions.map(\.action) where !names.hosts.contains(node) {
      names.hosts.insert(node, at: names.nodes.count)
      names.nodes.append(node)
    }
    return names
  }

  private func fields(_ item: YAMLNode) throws(ScenarioError) -> FieldReader.Fields {
    try reader.fields(
      item, "an action", known: ["at", "do", "after"] + FaultCatalogue.all.map(\.verb))
  }

  private func time(_ item: YAMLNode) throws(ScenarioError) -> Instant {
    guard let node = try fields(item).node("at") else {
      throw reader.fail(item.position, "an action needs its time, such as `at: 20s`")
    }
    return .zero + (try reader.span(node, "at", .zero...Scenario.longestDuration))
  }

  private func action(_ item: YAMLNode, _ names: ActionNames?) throws(ScenarioError) -> Action {
    let parts = try fields(item).entries.filter { $0.key != "at" && $0.key != "after" }
    guard let part = parts.first else {
      throw reader.fail(item.position, "an action says what happens, such as `kill: n3`")
    }
    if parts.count > 1 {
      throw reader.fail(parts[1].keyPosition, "one action an entry; '\(part.key)' is given already")
    }
    let text = part.value.isEmpty ? "" : try reader.scalar(part.value, "`\(part.key)`")
    let lead = part.key == "do" ? "" : part.key + " "
    do {
      return try ActionGrammar.parse(lead + text, names: names)
    } catch {
      // The verb stands at the field's name, the rest in its value.
      let isInValue = error.column > lead.count
      let place =
        isInValue
        ? reader.inside(part.value, error.column - lead.count) : part.keyPosition
      throw reader.fail(place, error.message)
    }
  }
}
