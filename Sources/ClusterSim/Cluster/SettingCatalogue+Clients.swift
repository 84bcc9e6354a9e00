// What the clients do: `client` and `workload`.
extension SettingCatalogue {
  static let client: [SettingDefinition] = [
    span("client.ping_interval", \.client.pingInterval, "time between a client's health pings"),
    span("client.down_after", \.client.downAfter, "a server silent for so long is left out"),
    span("client.timeout", \.client.timeout, "how long a client waits for an answer"),
    integer(
      "client.retries", \.client.retries, 0...10,
      "times a client tries a failed operation again, within client.timeout"),
    span(
      "client.attempt_timeout", \.client.attemptTimeout,
      "retries: an attempt unanswered for so long is given up"),
    span(
      "client.retry_backoff", \.client.retryBackoff,
      "wait before the first retry; doubles with each", anySpan),
    share(
      "client.retry_jitter", \.client.retryJitter, "up to this share of the wait less, at random"),
    number(
      "client.retry_budget", \.client.retryBudget, 0...10,
      "retries that each first attempt earns; as many as client.retries: no limit"),
    integer(
      "client.retry_burst", \.client.retryBurst, 0...100_000,
      "retries that the clients of a location may save up"),
  ]

  static let workload: [SettingDefinition] = [
    number("workload.rate", \.workload.rate, 0...1_000_000, "operations begun per second"),
    share("workload.read_share", \.workload.readShare, "share of operations that are reads"),
    integer("workload.keys", \.workload.keys, 1...1_000_000, "keys in use", live: false),
    choice("workload.distribution", \.workload.distribution, "how clients choose a key"),
    number("workload.zipf_theta", \.workload.zipfTheta, 0.01...5, "skew of the zipf choice"),
    share("workload.hot_share", \.workload.hotShare, "share of operations on the hot key"),
    bytes("workload.value_size", \.workload.valueSize, 0...1_048_576, "bytes of a value"),
    flag(
      "workload.families", \.workload.families,
      "keys are users:…, orders:… and products:…, as many of each", live: false),
    share("workload.users_share", \.workload.usersShare, "families: share of users: keys"),
    share(
      "workload.orders_share", \.workload.ordersShare,
      "families: share of orders: keys; products: get the rest"),
    share(
      "workload.query_share", \.workload.queryShare,
      "share of requests that are queries: several reads at once, done when the last one is"),
    integer(
      "workload.fan_out", \.workload.fanOut, 1...128,
      "keys a query reads; with families a user, an order and products"),
    flag(
      "workload.query_all_groups", \.workload.queryAllGroups,
      "a query reads a key of every group instead of fan_out keys: scatter and gather"),
  ]
}
