import ClusterSim

/// Reads the `lesson` section of a scenario file.
struct LessonReader {
  let reader: FieldReader
  let names: ActionNames

  func lesson(_ node: YAMLNode) throws(ScenarioError) -> Lesson {
    let fields = try reader.fields(
      node, "`lesson`", known: ["title", "topic", "steps", "proof"])
    let title = try reader.line(try need(fields, "title"), "title", limit: 60)
    let topic = try reader.line(try need(fields, "topic"), "topic", limit: 60)
    let proof = try proof(try need(fields, "proof"))
    var known = ActionListReader.names(names, after: proof.actions)
    for bypass in proof.bypasses { known = ActionListReader.names(known, after: bypass.actions) }
    let stepsNode = try need(fields, "steps")
    var steps: [Lesson.Step] = []
    for item in try reader.list(stepsNode, "steps", limit: 32) {
      steps.append(try step(item, known))
    }
    if steps.isEmpty { throw reader.fail(stepsNode.position, "a lesson needs at least one step") }
    return Lesson(title: title, topic: topic, steps: steps, proof: proof)
  }

  private func need(
    _ fields: FieldReader.Fields, _ name: String
  ) throws(ScenarioError) -> YAMLNode {
    guard let node = fields.node(name) else {
      throw reader.fail(fields.position, "the field `\(name)` is missing here")
    }
    return node
  }

  private func step(_ node: YAMLNode, _ names: ActionNames) throws(ScenarioError) -> Lesson.Step {
    let fields = try reader.fields(
      node, "a step", known: ["say", "predict", "goal", "hint", "conclude"])
    var predict: Lesson.Prediction?
    if let node = fields.node("predict") { predict = try prediction(node, names) }
    return Lesson.Step(
      say: try reader.text(try need(fields, "say"), "say", limit: 400), predict: predict,
      goal: try reader.condition(try need(fields, "goal"), names),
      hint: try reader.text(try need(fields, "hint"), "hint", limit: 200),
      conclude: try conclusion(try need(fields, "conclude"), names))
  }

  private func prediction(
    _ node: YAMLNode, _ names: ActionNames
  ) throws(ScenarioError) -> Lesson.Prediction {
    let fields = try reader.fields(node, "`predict`", known: ["ask", "choices", "number"])
    let ask = try reader.text(try need(fields, "ask"), "ask", limit: 200)
    switch (fields.node("choices"), fields.node("number")) {
    case (let choices?, nil):
      return .init(ask: ask, kind: .choices(try self.choices(choices, names)))
    case (nil, let number?):
      return .init(ask: ask, kind: try self.number(number, names))
    case (nil, nil), (_?, _?):
      throw reader.fail(node.position, "a prediction has either `choices` or a `number`")
    }
  }

  private func choices(
    _ node: YAMLNode, _ names: ActionNames
  ) throws(ScenarioError) -> [Lesson.Prediction.Choice] {
    var choices: [Lesson.Prediction.Choice] = []
    for item in try reader.list(node, "choices", limit: 9) {
      let fields = try reader.fields(item, "a choice", known: ["text", "when"])
      choices.append(
        .init(
          text: try reader.line(try need(fields, "text"), "text", limit: 100),
          when: try reader.condition(try need(fields, "when"), names)))
    }
    guard choices.count > 1 else {
      throw reader.fail(node.position, "a prediction offers at least two choices")
    }
    return choices
  }

  private func number(
    _ node: YAMLNode, _ names: ActionNames
  ) throws(ScenarioError) -> Lesson.Prediction.Kind {
    let fields = try reader.fields(node, "`number`", known: ["figure", "near"])
    let figureNode = try need(fields, "figure")
    let figure = try self.figure(
      try reader.scalar(figureNode, "a figure"), names, { reader.inside(figureNode, $0) })
    guard case .measured = figure, figure.unit != .yesOrNo else {
      throw reader.fail(figureNode.position, "a number is guessed of a measured figure with a unit")
    }
    let nearNode = try need(fields, "near")
    guard let near = figure.unit.parse(try reader.scalar(nearNode, "near")) else {
      throw reader.fail(nearNode.position, "near: \(figure.unit.expected) is expected")
    }
    return .number(figure, near: near)
  }

  private func figure(
    _ text: String, _ names: ActionNames, _ place: (Int) -> TextPosition
  ) throws(ScenarioError) -> Figure {
    do {
      return try Figure.parse(text, names: names)
    } catch { throw reader.fail(place(error.column), error.message) }
  }

  private func conclusion(
    _ node: YAMLNode, _ names: ActionNames
  ) throws(ScenarioError) -> Lesson.Conclusion {
    let text = try reader.text(node, "conclude", limit: 400)
    var parts: [Lesson.Conclusion.Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        let column = text.distance(from: text.startIndex, to: open) + 1
        throw reader.fail(reader.inside(node, column), "'{' opens a figure that no '}' closes")
      }
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      let inner = rest.index(after: open)
      let column = text.distance(from: text.startIndex, to: inner)
      let figure = try figure(String(rest[inner..<close]), names) {
        reader.inside(node, column + $0)
      }
      parts.append(.figure(figure))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return .init(parts: parts)
  }

  private func proof(_ node: YAMLNode) throws(ScenarioError) -> Lesson.Proof {
    let fields = try reader.fields(node, "`proof`", known: ["for", "actions", "bypasses"])
    let length = try reader.span(
      try need(fields, "for"), "for", .seconds(1)...(.seconds(3600)))
    let list = ActionListReader(reader: reader)
    var bypasses: [Lesson.Bypass] = []
    for item in try reader.list(try need(fields, "bypasses"), "bypasses", limit: 16) {
      let fields = try reader.fields(item, "a bypass", known: ["name", "actions"])
      bypasses.append(
        .init(
          name: try reader.line(try need(fields, "name"), "name", limit: 60),
          actions: try list.actions(try need(fields, "actions"), names).planned))
    }
    return .init(
      length: length, actions: try list.actions(try need(fields, "actions"), names).planned,
      bypasses: bypasses)
  }
}
