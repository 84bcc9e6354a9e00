/// Mean and spread of numbers that come one by one (Welford, Technometrics 1962).
struct RunningMean {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / Double(count)
    squares += before * (value - mean)
  }

  /// The deviation of single values, over n - 1; nil below two values.
  var deviation: Double? {
    count < 2 ? nil : (squares / Double(count - 1)).squareRoot()
  }

  /// Half the width of the 95 % confidence interval of the mean by Student's t; nil below two
  /// values.
  var halfWidth: Double? {
    deviation.map { StudentT.quantile975(count - 1) * $0 / Double(count).squareRoot() }
  }

  var json: JSONValue {
    let half = halfWidth
    return .object([
      ("n", .integer(count)), ("mean", count == 0 ? .null : .number(mean)),
      ("low", .number(half.map { mean - $0 })), ("high", .number(half.map { mean + $0 })),
      ("deviation", .number(deviation)),
    ])
  }
}
