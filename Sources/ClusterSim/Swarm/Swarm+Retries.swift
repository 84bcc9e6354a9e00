extension Swarm {
  /// A third of all runs have clients that try again, some of them with a budget.
  static func retryChoices(_ stream: inout RandomStream) -> [(String, String)] {
    guard stream.chance(1, 3) else { return [] }
    return [
      ("client.retries", "\(1 + stream.below(4))"),
      ("client.attempt_timeout", stream.pick(["50ms", "150ms", "400ms"])),
      ("client.retry_backoff", stream.pick(["0ms", "10ms", "100ms"])),
      ("client.retry_budget", stream.pick(["10", "10", "0.1"])),
    ]
  }
}
