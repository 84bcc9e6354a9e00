/// A verdict for people.
public enum VerdictText {
  /// Lines, each ended by a line feed: the answers, then what proves every `no`.
  public static func text(_ verdict: Verdict, keys: Int, violationLimit: Int = 10) -> String {
    var rows = [("linearizable", verdict.linearizable, linearizableNote(verdict, keys))]
    for guarantee in SessionGuarantee.allCases {
      rows.append((guarantee.title, verdict[guarantee], note(verdict[guarantee])))
    }
    rows.append(("causal", verdict.causal, verdict.causalDoubt?.text ?? ""))
    var text = ""
    for (name, answer, note) in rows {
      let gap = String(repeating: " ", count: 21 - name.utf8.count)
      let noteGap =
        note.isEmpty ? "" : String(repeating: " ", count: 9 - answer.rawValue.utf8.count)
      text += "\(name)\(gap)\(answer.rawValue)\(noteGap)\(note)\n"
    }
    for violation in verdict.violations.prefix(violationLimit) { text += "\n" + lines(violation) }
    if verdict.keysViolated > min(violationLimit, verdict.violations.count) {
      let rest = verdict.keysViolated - min(violationLimit, verdict.violations.count)
      text += "\nand \(rest) more \(rest == 1 ? "key" : "keys")\n"
    }
    for breach in verdict.sessionViolations { text += "\n" + lines(breach) }
    if let causal = verdict.causalViolation { text += "\n" + lines(causal) }
    return text
  }

  private static func linearizableNote(_ verdict: Verdict, _ keys: Int) -> String {
    let unknown = max(0, verdict.keysUnknown.count - verdict.keysWithSiblings)
    var parts: [String] = []
    if verdict.keysViolated > 0 { parts.append("not on \(verdict.keysViolated) of \(keys) keys") }
    if unknown > 0 { parts.append("the limit of states was met on \(unknown) of \(keys) keys") }
    if verdict.keysWithSiblings > 0 {
      parts.append("reads found several values on \(verdict.keysWithSiblings) of \(keys) keys")
    }
    if parts.isEmpty { parts.append("\(keys) \(keys == 1 ? "key" : "keys")") }
    return parts.joined(separator: "; ")
  }

  private static func note(_ answer: Answer) -> String {
    answer == .unknown ? "operations lack a version, and values are written twice" : ""
  }

  private static func name(_ key: String) -> String {
    key.isEmpty ? "The register" : "Key \(OverlapChart.visible(key))"
  }

  private static func lines(_ violation: Violation) -> String {
    let count = violation.operations.count
    let these =
      violation.isSmallest
      ? count == 1 ? "what this operation" : "what these \(count) operations"
      : "what these operations and those before them"
    var text =
      "\(name(violation.key)) is not linearizable: no order explains \(these) returned (of "
      + "\(violation.outOf) in all):\n"
    for row in OverlapChart.rows(violation.operations) { text += "  \(row)\n" }
    return text
  }

  private static func lines(_ breach: SessionViolation) -> String {
    var text = "\(name(breach.key)) breaks \(breach.guarantee.title):\n"
    for operation in breach.operations.prefix(20) { text += "  \(line(operation))\n" }
    return text
  }

  private static func lines(_ violation: CausalViolation) -> String {
    var text = "Causality is broken: \(violation.pattern):\n"
    for (key, operation) in violation.operations.prefix(20) {
      text += "  \(line(operation))\(key.isEmpty ? "" : ", key \(OverlapChart.visible(key))")\n"
    }
    return text
  }

  private static func line(_ operation: Violation.Operation) -> String {
    let version = operation.version.map { " (version \($0))" } ?? ""
    return "\(OverlapChart.head(operation))\(version), line \(operation.line)"
  }
}
