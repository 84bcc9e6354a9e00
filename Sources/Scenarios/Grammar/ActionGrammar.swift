import ClusterSim

/// Reads actions as text: the `:` prompt, scenario files and recordings share this one grammar.
/// `Action.text` is the canonical form and parses to itself.
public enum ActionGrammar {
  /// The longest action text that is read.
  static let textLimit = 512

  /// Reads one action, such as `kill n3`, `partition isolate n1` or `set storage.r 1`.
  ///
  /// With `names`, what the action is aimed at must be among them. Throws `LineProblem` with the
  /// column of the word that is wrong and what would be right.
  public static func parse(
    _ text: String, names: ActionNames? = nil
  ) throws(LineProblem) -> Action {
    guard text.utf8.count <= textLimit else {
      throw LineProblem(column: 1, message: "an action is at most \(textLimit) bytes long")
    }
    var words = ActionWords(text)
    let verb = try words.next("an action")
    guard let record = FaultCatalogue.find(verb.text) else {
      let verbs = FaultCatalogue.all.map(\.verb)
      throw LineProblem(
        column: verb.column,
        message: Nearest.message("action", Visible.line(verb.text), among: verbs))
    }
    words.form = record.form
    var reader = Reader(words: words, names: names)
    let action = try reader.action(record.verb)
    try reader.words.finish()
    return action
  }
}

extension ActionGrammar {
  /// Reads what follows a verb.
  private struct Reader {
    var words: ActionWords
    let names: ActionNames?

    mutating func action(_ verb: String) throws(LineProblem) -> Action {
      switch verb {
      case "kill": return .kill(host: try host())
      case "restart": return .restart(host: try host())
      case "freeze": return .freeze(host: try host())
      case "thaw": return .thaw(host: try host())
      case "recover": return .recover(host: try host())
      case "gray": return .gray(host: try node())
      case "decommission": return .decommission(node: try node())
      case "slow": return .slow(host: try host(), factor: try slowFactor())
      case "wipe": return .wipe(host: try host())
      case "skew": return try skew()
      case "outage":
        return .outage(
          location: try name("a location", among: names.map { $0.locations + $0.zones }))
      case "reshard": return .reshard
      case "promote": return .promote(node: try node(), group: try groupNumber())
      case "split": return .split(key: try key(), copies: try copies())
      case "delay": return .delay(host: try host(), by: try length(or: .milliseconds(200)))
      case "duplicate": return .duplicate(host: try host(), share: try share(or: 0.2))
      case "reorder": return .reorder(host: try host(), by: try length(or: .milliseconds(50)))
      case "lossy": return .lossy(host: try host(), share: try share(or: 0.2))
      case "partition": return .partition(try shape())
      case "heal": return .heal(fault: try faultNumber())
      case "cold-cache": return .coldCache(location: try optionalLocation())
      case "burst": return .burst(factor: try burstFactor(), length: try length())
      case "hot-key": return .hotKey(share: try share(or: 0.5), length: try length())
      case "join": return try join()
      case "transfer": return .transfer(node: try node(), group: try groupNumber())
      case "split-shard": return .splitShard(shard: try shardNumber())
      case "move-shard":
        return .moveShard(shard: try shardNumber(), group: try groupNumber())
      case "set": return try set()
      case "read": return .read(key: try key(), via: try via())
      case "write": return .write(key: try key(), via: try via())
      default:
        // A record of the catalogue whose words nobody reads: a test finds it first.
        throw LineProblem(column: 1, message: "'\(verb)' cannot be written as text")
      }
    }

    private mutating func host() throws(LineProblem) -> String {
      try name("a host", among: names?.hosts)
    }

    private mutating func node() throws(LineProblem) -> String {
      try name("a node", among: names?.nodes)
    }

    private mutating func name(
      _ what: String, among known: [String]?
    ) throws(LineProblem) -> String {
      try check(try words.next("the name of \(what)"), what, among: known)
    }

    private func check(
      _ word: ActionWords.Word, _ what: String, among known: [String]?
    ) throws(LineProblem) -> String {
      guard Name.isName(word.text) else {
        throw LineProblem(
          column: word.column,
          message: "'\(Visible.line(word.text))' is no name of \(what); \(Name.rule)")
      }
      if let known, !known.contains(word.text) {
        let noun = String(what.drop { $0 != " " }.dropFirst())
        throw LineProblem(
          column: word.column, message: Nearest.message(noun, word.text, among: known))
      }
      return word.text
    }

    private mutating func shape() throws(LineProblem) -> PartitionShape {
      let word = try words.next("a cut")
      guard let form = PartitionShape.forms.first(where: { $0.word == word.text }) else {
        throw LineProblem(
          column: word.column,
          message: Nearest.message(
            "cut", Visible.line(word.text), among: PartitionShape.forms.map(\.word)))
      }
      let operand =
        switch form.operand {
        case .nothing: ""
        case .node: try node()
        case .location: try name("a location", among: names?.locations)
        }
      return PartitionShape(word: form.word, operand: operand)!
    }

    /// `skew n3`, `skew n3 -200ms`, `skew n3 0s 50ppm`: half a second ahead where nothing is said.
    private mutating func skew() throws(LineProblem) -> Action {
      let node = try node()
      guard let word = words.optional() else {
        return .skew(host: node, offset: .milliseconds(500), drift: 0)
      }
      let negative = word.text.hasPrefix("-")
      guard
        case .success(let size) = Span.parse(negative ? word.text.dropFirst() : word.text[...]),
        size <= .seconds(3600)
      else {
        throw wrong(word, "a length of time up to 3600s, such as 500ms or -2s")
      }
      var drift = 0.0
      if let word = words.optional() {
        guard word.text.hasSuffix("ppm"), let parts = Double(word.text.dropLast(3)),
          abs(parts) <= 100_000
        else {
          throw wrong(word, "a drift from -100000ppm to 100000ppm")
        }
        drift = parts / 1e6
      }
      return .skew(host: node, offset: negative ? .zero - size : size, drift: drift)
    }

    private mutating func slowFactor() throws(LineProblem) -> Int {
      guard let word = words.optional() else { return 10 }
      let text = word.text.hasPrefix("x") ? word.text.dropFirst() : word.text[...]
      guard let factor = Int(text), (2...1000).contains(factor) else {
        throw wrong(word, "a factor from x2 to x1000")
      }
      return factor
    }

    private mutating func burstFactor() throws(LineProblem) -> Double {
      guard let word = words.optional() else { return 5 }
      let text = word.text.hasPrefix("x") ? word.text.dropFirst() : word.text[...]
      guard let factor = Double(text), (0.01...1000).contains(factor) else {
        throw wrong(word, "a factor from x0.01 to x1000")
      }
      return factor
    }

    private mutating func share(or usual: Double) throws(LineProblem) -> Double {
      guard let word = words.optional() else { return usual }
      guard case .number(let share)? = try? SettingKind.share.parse(word.text) else {
        throw wrong(word, "a share from 0% to 100%")
      }
      return share
    }

    private mutating func length(
      or usual: Span = .seconds(10)
    ) throws(LineProblem) -> Span {
      guard let word = words.optional() else { return usual }
      guard case .success(let length) = Span.parse(word.text),
        length > .zero, length <= .seconds(3600)
      else {
        throw wrong(word, "a length of time up to 3600s, such as 10s or 500ms")
      }
      return length
    }

    private mutating func copies() throws(LineProblem) -> Int {
      guard let word = words.optional() else { return 8 }
      guard let count = Int(word.text), (1...64).contains(count) else {
        throw wrong(word, "a number of copies from 1 to 64")
      }
      return count
    }

    private mutating func faultNumber() throws(LineProblem) -> Int? {
      guard let word = words.optional() else { return nil }
      guard let number = Int(word.text), number > 0 else {
        throw wrong(word, "the number of a fault, counted from 1, or nothing for all links")
      }
      return number
    }

    private mutating func groupNumber() throws(LineProblem) -> Int? {
      guard words.take("group") else { return nil }
      let word = try words.next("the number of a group")
      guard let number = Int(word.text), (1...64).contains(number) else {
        throw wrong(word, "the number of a group from 1 to 64")
      }
      return number
    }

    private mutating func shardNumber() throws(LineProblem) -> Int? {
      guard words.peek != "group", let word = words.optional() else { return nil }
      guard let number = Int(word.text), (1...1024).contains(number) else {
        throw wrong(word, "the number of a shard from 1 to 1024")
      }
      return number
    }

    private mutating func optionalLocation() throws(LineProblem) -> String? {
      guard let word = words.optional() else { return nil }
      return try check(word, "a location", among: names?.locations)
    }

    private mutating func join() throws(LineProblem) -> Action {
      let word = try words.next("the name of the new node")
      let node = try check(word, "a node", among: nil)
      if names?.hosts.contains(node) == true {
        throw LineProblem(
          column: word.column, message: "'\(node)' is there already; a new node needs a new name")
      }
      var location: String?
      var weight = 1
      if words.take("in") {
        location = try name("a location", among: names.map { $0.locations + $0.zones })
      }
      if words.take("weight") {
        let word = try words.next("a weight")
        guard let number = Int(word.text), (1...64).contains(number) else {
          throw wrong(word, "a weight from 1 to 64")
        }
        weight = number
      }
      return .join(node: node, location: location, weight: weight)
    }

    private mutating func set() throws(LineProblem) -> Action {
      let first = try words.next("the path of a setting")
      var path = first.text
      var value: ActionWords.Word?
      if let sign = path.firstIndex(of: "=") {
        let text = String(path[path.index(after: sign)...])
        let column = first.column + path.distance(from: path.startIndex, to: sign) + 1
        path = String(path[..<sign])
        let more = words.rest().map { (text.isEmpty ? "" : " ") + $0.text } ?? ""
        if !(text + more).isEmpty { value = .init(text: text + more, column: column) }
      } else {
        _ = words.take("=")
        value = words.rest()
      }
      guard let setting = SettingCatalogue.find(path) else {
        throw LineProblem(
          column: first.column,
          message: Nearest.message(
            "setting", Visible.line(path), among: SettingCatalogue.all.map(\.path)))
      }
      guard let value else { throw missingValue(setting) }
      guard setting.live else {
        throw LineProblem(
          column: first.column,
          message: "\(path) cannot change while the cluster runs; "
            + "set it in the scenario or with --set")
      }
      do {
        return .set(path: path, value: try setting.kind.parse(value.text).text)
      } catch {
        throw LineProblem(column: value.column, message: "\(path): \(error.message)")
      }
    }

    private func missingValue(_ setting: SettingDefinition) -> LineProblem {
      LineProblem(
        column: words.end,
        message: "a value for \(setting.path) is missing: \(setting.kind.range)")
    }

    /// Any text without blanks may be a key; it is hashed, never interpreted.
    private mutating func key() throws(LineProblem) -> String {
      let word = try words.next("a key")
      guard word.text.utf8.count <= 128, Visible.line(word.text) == word.text else {
        throw wrong(word, "a key of at most 128 printable bytes")
      }
      return word.text
    }

    private mutating func via() throws(LineProblem) -> String? {
      words.take("via") ? try node() : nil
    }

    private func wrong(_ word: ActionWords.Word, _ right: String) -> LineProblem {
      LineProblem(
        column: word.column, message: "'\(Visible.line(word.text))' is not \(right)")
    }
  }
}
