extension Distribution: CustomStringConvertible {
  /// As `parse` reads it: `lognormal 1ms 0.5`.
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

  /// The forms that are read, for help and messages.
  public static let forms = [
    "constant SPAN", "uniform LOW HIGH", "exponential MEAN", "normal MEAN DEVIATION",
    "lognormal MEDIAN SIGMA", "pareto LOWEST ALPHA", "SPAN",
  ]

  /// Reads one of `forms`; a bare span is a constant. Spans as in `Span.parse`; sigma at least 0,
  /// alpha above 0, and the ends of a uniform distribution in order.
  public static func parse(_ text: some StringProtocol) -> Result<Distribution, TextProblem> {
    var reader = WordReader(text)
    guard let name = reader.words.first else {
      return .failure(TextProblem("no distribution given", expected: allForms))
    }
    if name.first.map({ ("0"..."9").contains($0) }) == true {
      reader.words.insert("constant", at: 0)
    }
    return Result { () throws(TextProblem) in try reader.distribution() }
  }

  private static var allForms: String { "one of: " + forms.joined(separator: ", ") }

  /// Takes the words of a text one by one.
  private struct WordReader {
    var words: [String]
    private var position = 1

    init(_ text: some StringProtocol) {
      words = text.split(separator: " ").map { String($0) }
    }

    mutating func distribution() throws(TextProblem) -> Distribution {
      let result: Distribution
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
      case "lognormal": result = .lognormal(try span(), sigma: try number(zeroAllowed: true))
      case "pareto": result = .pareto(try span(), alpha: try number(zeroAllowed: false))
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
      try Span.parse(try word()).get()
    }

    private mutating func number(zeroAllowed: Bool) throws(TextProblem) -> Double {
      let text = try word()
      guard let value = Double(text), value.isFinite, zeroAllowed ? value >= 0 : value > 0 else {
        throw TextProblem(
          "`\(text)` does not fit", expected: zeroAllowed ? "a number from 0" : "a number above 0")
      }
      return value
    }
  }
}
