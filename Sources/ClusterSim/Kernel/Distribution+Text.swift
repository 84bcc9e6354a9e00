extension Distribution.Shape: CustomStringConvertible {
  public var description: String {
    switch self {
    case .constant(let span): "constant \(span)"
    case .uniform(let low, let high): "uniform \(low) \(high)"
    case .exponential(let mean): "exponential \(mean)"
    case .normal(let mean, let deviation): "normal \(mean) \(deviation)"
    case .lognormal(let median, let sigma): "lognormal \(median) \(sigma)"
    case .pareto(let low, let alpha): "pareto \(low) \(alpha)"
    }
  }
}

extension Distribution: CustomStringConvertible {
  /// As `parse` reads it: `lognormal 1ms 0.5`, `mix 0.38 pareto 1.05ms 1.51 else exponential 5ms`.
  public var description: String {
    second.map { "mix \(share) \(first) else \($0)" } ?? "\(first)"
  }

  /// The forms that are read, for help and messages.
  public static let forms = [
    "constant SPAN", "uniform LOW HIGH", "exponential MEAN", "normal MEAN DEVIATION",
    "lognormal MEDIAN SIGMA", "pareto LOWEST ALPHA", "SPAN", "mix SHARE FORM else FORM",
  ]

  /// What parameters may be. Beyond them a distribution says nothing about a cluster: with a smaller
  /// alpha or a larger sigma one draw in a thousand is a million times the usual one.
  public static let spans: ClosedRange<Span> = .zero...(.seconds(60))
  public static let sigmas = 0.0...5.0
  public static let alphas = 0.5...1000.0

  /// Reads one of `forms`; a bare span is a constant. Spans as in `Span.parse`, within `spans`; sigma
  /// and alpha within theirs, and the ends of a uniform distribution in order.
  public static func parse(_ text: some StringProtocol) -> Result<Distribution, TextProblem> {
    let words = text.split(separator: " ").map { String($0) }
    return Result { () throws(TextProblem) in
      words.first == "mix" ? try mixture(words) : Distribution(try shape(words))
    }
  }

  private static func mixture(_ words: [String]) throws(TextProblem) -> Distribution {
    let form = "`mix SHARE FORM else FORM`, such as `mix 90% exponential 1ms else pareto 5ms 2`"
    guard words.count > 1, let border = words.firstIndex(of: "else") else {
      throw TextProblem("`\(words.joined(separator: " "))` is incomplete", expected: form)
    }
    let isPercent = words[1].hasSuffix("%")
    guard let number = Double(isPercent ? String(words[1].dropLast()) : words[1]),
      case let share = isPercent ? number / 100 : number, share > 0, share < 1
    else {
      throw TextProblem("`\(words[1])` is no share between 0 and 1", expected: form)
    }
    return Distribution(
      share, try shape(Array(words[2..<max(2, border)])),
      else: try shape(Array(words[(border + 1)...])))
  }

  private static func shape(_ words: [String]) throws(TextProblem) -> Shape {
    guard let name = words.first else {
      throw TextProblem("no distribution given", expected: allForms)
    }
    let isSpan = name.first.map { ("0"..."9").contains($0) } == true
    var reader = WordReader(words: isSpan ? ["constant"] + words : words)
    return try reader.shape()
  }

  private static var allForms: String { "one of: " + forms.joined(separator: ", ") }

  /// Takes the words of a text one by one.
  private struct WordReader {
    var words: [String]
    private var position = 1

    init(words: [String]) { self.words = words }

    mutating func shape() throws(TextProblem) -> Shape {
      let result: Shape
      switch words[0] {
      case "constant": result = .constant(try span())
      case "uniform":
        let (low, high) = (try span(), try span())
        guard low <= high else {
          throw TextProblem("`uniform \(low) \(high)` ends before it begins", expected: form)
        }
        result = .uniform(low, high)
      case "exponential": result = .exponential(try span())
      case "normal": result = .normal(try span(), try span())
      case "lognormal":
        result = .lognormal(try span(), sigma: try number("sigma", Distribution.sigmas))
      case "pareto": result = .pareto(try span(), alpha: try number("alpha", Distribution.alphas))
      default:
        throw TextProblem("`\(words[0])` is no distribution", expected: Distribution.allForms)
      }
      guard position == words.count else {
        throw TextProblem("`\(words[position])` is one word too many", expected: form)
      }
      return result
    }

    private var form: String {
      "`" + (Distribution.forms.first { $0.hasPrefix(words[0] + " ") } ?? "SPAN") + "`"
    }

    private mutating func word() throws(TextProblem) -> String {
      guard position < words.count else {
        throw TextProblem("`\(words.joined(separator: " "))` is incomplete", expected: form)
      }
      position += 1
      return words[position - 1]
    }

    private mutating func span() throws(TextProblem) -> Span {
      let text = try word()
      let span = try Span.parse(text).get()
      let range = Distribution.spans
      guard range.contains(span) else {
        throw TextProblem(
          "`\(text)` is out of range", expected: "\(range.lowerBound) to \(range.upperBound)")
      }
      return span
    }

    private mutating func number(
      _ what: String, _ range: ClosedRange<Double>
    ) throws(TextProblem) -> Double {
      let text = try word()
      guard let value = Double(text), range.contains(value) else {
        throw TextProblem(
          "`\(text)` does not fit",
          expected: "\(what) from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
  }
}
