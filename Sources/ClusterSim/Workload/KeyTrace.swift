/// Recorded requests that take the place of drawn keys: which keys there are, and in which order
/// clients ask for them.
public struct KeyTrace: Hashable, Sendable {
  /// The keys, in the order of their first request.
  public let names: ContiguousArray<String>
  /// A request each: the place of its key in `names`.
  public let requests: ContiguousArray<UInt32>
  /// Begins again at its end; else clients fall silent there.
  public let repeats: Bool

  /// Different keys that a trace may have.
  public static let mostKeys = 1_000_000

  /// - Parameter keys: a key a request, in order.
  ///
  /// Nil where there is no request, or more than `mostKeys` keys.
  public init?(_ keys: some Sequence<some StringProtocol>, repeats: Bool) {
    var numbers: [String: UInt32] = [:]
    var names: ContiguousArray<String> = []
    var requests: ContiguousArray<UInt32> = []
    for key in keys {
      let name = String(key)
      let number = numbers[name] ?? UInt32(names.count)
      if number == names.count {
        guard names.count < Self.mostKeys else { return nil }
        numbers[name] = number
        names.append(name)
      }
      requests.append(number)
    }
    guard !requests.isEmpty else { return nil }
    self.names = names
    self.requests = requests
    self.repeats = repeats
  }

  /// How often each key is asked for, by its place in `names`.
  var weights: [Double] {
    var weights = [Double](repeating: 0, count: names.count)
    for key in requests { weights[Int(key)] += 1 }
    return weights
  }
}
