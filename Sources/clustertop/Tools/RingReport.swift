import CellUI
import ClusterSim
import Scenarios

/// What `clustertop ring` says of all keys together.
struct RingReport {
  private let tally: RingTally
  private let virtualNodes: Int
  /// Whether no keys were given: the shares are then the scheme's own.
  private let isSample: Bool

  init(_ tally: RingTally, virtualNodes: Int, isSample: Bool = false) {
    self.tally = tally
    self.virtualNodes = virtualNodes
    self.isSample = isSample
  }

  private var before: Placement { tally.before }

  /// What each node has: a share of the space, or keys.
  private var amounts: [Double] { isSample ? before.shares : tally.owned.map(Double.init) }

  private var total: Double { isSample ? 1 : Double(tally.count) }

  private var hasAny: Bool { isSample || tally.count > 0 }

  private var spread: ShareSpread? {
    hasAny ? ShareSpread(amounts, weights: before.nodes.map(\.weight)) : nil
  }

  /// Bounds change the distribution; there is no formula for what is left of the spread.
  private var expectedDeviation: Double? {
    guard hasAny, tally.bounded == nil else { return nil }
    return before.expectedDeviation(virtualNodes: virtualNodes, keys: isSample ? nil : tally.count)
  }

  // MARK: for people

  var text: String {
    var text = before.scheme.rawValue
    if before.scheme == .ring { text += ", \(virtualNodes) virtual nodes per unit of weight" }
    text += isSample ? ", shares of the whole space\n\n" : ", \(keysText)\n\n"
    text += table.text
    if let spread {
      text += "\nspread of share / wanted: standard deviation \(figure(spread.deviation))"
      if let expectedDeviation { text += " (expected \(figure(expectedDeviation)))" }
      text += ", largest \(figure(spread.largest))\n"
    }
    return text + movesText
  }

  /// Bounds are for different keys; a key that came again is not counted again.
  private var keysText: String {
    guard tally.bounded != nil else { return "\(tally.count) keys" }
    return "\(tally.count) different keys"
      + (tally.lines > tally.count ? " on \(tally.lines) lines" : "")
  }

  private var table: TextTable {
    var head = ["node", "weight", "share", "wanted", "share / wanted"]
    if !isSample { head += ["keys", "copies"] }
    if tally.bounded != nil { head.append("at most") }
    var table = TextTable(head)
    for (index, node) in before.nodes.enumerated() {
      let wanted = Double(node.weight) / Double(before.weight)
      let share = hasAny ? amounts[index] / total : nil
      var row = [
        node.name, "\(node.weight)", percent(share), percent(wanted),
        share.map { figure($0 / wanted) } ?? "-",
      ]
      if !isSample { row += ["\(tally.owned[index])", "\(tally.copies[index])"] }
      if let bounded = tally.bounded { row.append("\(bounded.capacities[index])") }
      table.append(row)
    }
    return table
  }

  private var movesText: String {
    guard let moves = tally.moves, let after = tally.after else { return "" }
    guard moves.keys > 0 else { return "\nno keys, so nothing moves\n" }
    let what = isSample ? "made-up keys" : "keys"
    var table = TextTable(["of \(moves.keys) \(what)", "keys", "share", "expected"])
    let expected = PlacementMoves.expectedShare(from: before, to: after)
    for (head, count, expected) in [
      ("get another owner", moves.moved, percent(expected)),
      ("to a node that comes", moves.toNewcomers, ""),
      ("from a node that goes", moves.fromLeavers, ""),
      ("between nodes that stay", moves.betweenOld, ""),
    ] { table.append([head, "\(count)", percent(share(count)), expected]) }
    table.append([
      "copies that move", "\(moves.copiesMoved)",
      percent(Double(moves.copiesMoved) / Double(moves.copies)), "",
    ])
    return "\n" + words("come", names.joined) + words("go", names.left) + "\n" + table.text
  }

  private func words(_ verb: String, _ names: [String]) -> String {
    names.isEmpty ? "" : "nodes that \(verb): \(names.joined(separator: " "))\n"
  }

  /// Who came and who went.
  private var names: (joined: [String], left: [String]) {
    let old = Set(before.nodes.map(\.name))
    let new = Set(tally.after?.nodes.map(\.name) ?? [])
    return (
      tally.after?.nodes.map(\.name).filter { !old.contains($0) } ?? [],
      before.nodes.map(\.name).filter { !new.contains($0) }
    )
  }

  private func share(_ count: Int) -> Double { Double(count) / Double(tally.moves?.keys ?? 1) }

  private func figure(_ value: Double) -> String { NumberText.fixed(value, 3) }

  private func percent(_ share: Double?) -> String {
    share.map { NumberText.fixed($0 * 100, 2) + " %" } ?? "-"
  }

  // MARK: for programs

  var json: JSONValue {
    var fields: [(String, JSONValue)] = [
      ("scheme", .string(before.scheme.rawValue)),
      ("vnodes", before.scheme == .ring ? .integer(virtualNodes) : .null),
      (
        "nodes",
        .array(
          before.nodes.enumerated().map { index, node in
            .object([
              ("name", .string(node.name)), ("weight", .integer(node.weight)),
              ("share", .number(before.shares[index])),
              ("wanted", .number(Double(node.weight) / Double(before.weight))),
            ])
          })
      ),
      (
        "spread",
        .object([
          ("deviation", spread.map { .number($0.deviation) } ?? .null),
          ("expected_deviation", expectedDeviation.map { .number($0) } ?? .null),
          ("largest", spread.map { .number($0.largest) } ?? .null),
        ])
      ),
    ]
    if let movesJSON { fields.append(("moves", movesJSON)) }
    return .object(fields)
  }

  var movesJSON: JSONValue? {
    guard let moves = tally.moves, let after = tally.after else { return nil }
    return .object([
      ("join", .array(names.joined.map { .string($0) })),
      ("leave", .array(names.left.map { .string($0) })),
      ("keys", .integer(moves.keys)), ("made_up_keys", .bool(isSample)),
      ("moved", .integer(moves.moved)),
      ("share", moves.keys > 0 ? .number(share(moves.moved)) : .null),
      ("expected_share", .number(PlacementMoves.expectedShare(from: before, to: after))),
      ("to_new_nodes", .integer(moves.toNewcomers)),
      ("from_leaving_nodes", .integer(moves.fromLeavers)),
      ("between_old_nodes", .integer(moves.betweenOld)),
      ("copies", .integer(moves.copies)), ("copies_moved", .integer(moves.copiesMoved)),
    ])
  }
}
