// The course of an operation on its completion's line, with the same keys in both formats.
extension HistoryWriter {
  /// Appends `, "coordinator": …`: only what there is.
  static func course(_ course: OperationCourse, asEDN isEDN: Bool, to line: inout String) {
    var fields = Fields(isEDN: isEDN)
    fields.text("cache", course.cache, &line)
    if course.cache != nil { fields.flag("hit", course.isCacheHit, &line) }
    fields.text("coordinator", course.coordinator, &line)
    if course.needed > 0 { fields.number("needed", Int64(course.needed), &line) }
    fields.list("asked", course.asked, &line) { asked, fields, line in
      fields.text("node", asked.node, &line)
      fields.text("for", asked.standsInFor, &line)
      if !asked.counts { fields.flag("counts", false, &line) }
      fields.text("answer", asked.answer?.rawValue, &line)
      fields.number("time", asked.answeredAt, &line)
      fields.number("stamp", asked.stamp, &line)
      if asked.isRepaired { fields.flag("repaired", true, &line) }
    }
    if course.unlisted > 0 { fields.number("unlisted", Int64(course.unlisted), &line) }
    fields.number("replied", course.repliedAt, &line)
    fields.list("copies", course.copies, &line) { copy, fields, line in
      fields.text("node", copy.node, &line)
      fields.number("time", copy.time, &line)
    }
    if course.hints > 0 { fields.number("hints", Int64(course.hints), &line) }
    if course.repairs > 0 { fields.number("repairs", Int64(course.repairs), &line) }
    fields.text("reason", course.reason, &line)
  }

  /// Fields of an object or a map, in either writing.
  private struct Fields {
    let isEDN: Bool
    /// Nothing is before the next one.
    var isFirst = false

    private mutating func key(_ name: String, _ line: inout String) {
      if !isFirst { line += ", " }
      isFirst = false
      line += isEDN ? ":\(name) " : "\"\(name)\": "
    }

    mutating func text(_ name: String, _ text: String?, _ line: inout String) {
      guard let text else { return }
      key(name, &line)
      quote(text, to: &line)
    }

    mutating func number(_ name: String, _ number: Int64?, _ line: inout String) {
      guard let number else { return }
      key(name, &line)
      line += "\(number)"
    }

    mutating func flag(_ name: String, _ flag: Bool, _ line: inout String) {
      key(name, &line)
      line += flag ? "true" : "false"
    }

    mutating func list<Item>(
      _ name: String, _ items: [Item], _ line: inout String,
      _ write: (Item, inout Fields, inout String) -> Void
    ) {
      if items.isEmpty { return }
      key(name, &line)
      line += "["
      for (place, item) in items.enumerated() {
        if place > 0 { line += isEDN ? " " : ", " }
        line += "{"
        var fields = Fields(isEDN: isEDN, isFirst: true)
        write(item, &fields, &line)
        line += "}"
      }
      line += "]"
    }
  }
}
