/// What the clients' retries need beside the operations themselves.
///
/// The budget is a token bucket of each location, as in gRPC's retry throttling and Finagle's retry
/// budget: a first attempt earns `client.retry_budget` of a retry, a retry costs one, and
/// `client.retry_burst` may be saved. It bounds what an overloaded cluster gets on top of its load.
struct ClientRetries {
  private static let whole = 1000

  var stream: RandomStream
  /// By location, in thousandths of a retry; nil before the first attempt, which finds it full.
  private var tokens: ContiguousArray<Int?>
  /// A write was sent more than once: versions of one value may differ from now on.
  private(set) var hasRepeatedWrites = false
  /// The values of those writes.
  private(set) var repeated = RecentValues()

  init(seed: UInt64, locations: Int) {
    stream = RandomStream(seed: seed, purpose: StreamPurpose.retries.rawValue)
    tokens = ContiguousArray(repeating: nil, count: locations)
  }

  /// A write that may have been applied is sent again.
  mutating func repeats(write value: UInt64) {
    hasRepeatedWrites = true
    repeated.insert(value)
  }

  /// A first attempt of the location.
  mutating func earn(_ location: Int, _ client: Settings.Client) {
    let full = client.retryBurst * Self.whole
    let earned = Int((client.retryBudget * Double(Self.whole)).rounded())
    tokens[location] = min(full, (tokens[location] ?? full) + earned)
  }

  /// Takes a retry out of the location's budget; false where there is none.
  mutating func spend(_ location: Int, _ client: Settings.Client) -> Bool {
    if client.retryBudget >= Double(client.retries) { return true }
    let left = tokens[location] ?? client.retryBurst * Self.whole
    guard left >= Self.whole else { return false }
    tokens[location] = left - Self.whole
    return true
  }

  /// The wait before retry `number` (from 1), ns.
  mutating func wait(_ number: Int, _ client: Settings.Client) -> Int64 {
    let longest = client.retryBackoff.nanoseconds << Int64(min(number - 1, 16))
    return longest - Int64(Double(longest) * client.retryJitter * stream.unit())
  }
}
