import ClusterSim

/// A count over the whole run that belongs to no location and no node: one record gives the key
/// under `counters` in `run --format json` and the counter of the metrics file.
public struct CounterRecord: Sendable {
  /// The key in JSON; the metric is `clustertop_KEY_total`.
  public let key: String
  /// One sentence without a full stop.
  public let meaning: String
  /// The unit of the metric; nil for plain counts. The key ends with it then.
  public let unit: String?
  public let value: @Sendable (Simulation) -> Int

  init(
    _ key: String, unit: String? = nil, _ meaning: String,
    _ value: @escaping @Sendable (Simulation) -> Int
  ) {
    self.key = key
    self.meaning = meaning
    self.unit = unit
    self.value = value
  }
}

/// All counters of that kind.
public enum CounterCatalogue {
  public static let all: [CounterRecord] = [
    CounterRecord("lost_acknowledged_writes", "Acknowledged writes of which nothing is left") {
      $0.lostAcknowledgedWrites()
    },
    CounterRecord(
      "writes_lost_to_clocks", "Acknowledged writes discarded for one that was over before them"
    ) { $0.writesLostToClocks },
    CounterRecord(
      "writes_lost_with_caches", "Acknowledged writes that died dirty in a write-back cache"
    ) { $0.writesLostWithCaches },
    CounterRecord("client_retries", "Attempts of clients after the first") {
      $0.metrics.total.retries
    },
    CounterRecord("client_retries_refused", "Retries that client.retry_budget did not allow") {
      $0.metrics.total.retriesRefused
    },
    CounterRecord("read_repairs", "Copies mended by a read that saw they were old") {
      $0.readRepairs
    },
    CounterRecord("hints_stored", "Hints kept for a replica that missed a write") {
      $0.hintsStored
    },
    CounterRecord("hints_delivered", "Hints handed over to their replica") { $0.hintsDelivered },
    CounterRecord("hints_dropped", "Hints given up: too old, too many, or their replica gone") {
      $0.hintsDropped
    },
    CounterRecord("hints_lost", "Hints that went down with their holder's disk") {
      $0.hintsLost
    },
    CounterRecord("reads_written_back", "Reads that wrote back before they answered") {
      $0.readsWrittenBack
    },
    CounterRecord("unsynced_copies", "Copies that a kill took from a disk before they were synced")
    {
      $0.unsyncedWritesLost
    },
    CounterRecord("false_suspicions", "Suspicions of hosts that were up and reachable") {
      $0.falseSuspicions
    },
    CounterRecord("retransmissions", "Segments that streams sent again") { $0.retransmissions },
    CounterRecord("duplicates", "Datagrams that arrived twice") { $0.duplicates },
    CounterRecord("anti_entropy_exchanges", "Comparisons of hash trees begun") {
      $0.antiEntropyFigures.exchanges
    },
    CounterRecord("anti_entropy_comparisons", "Hashes held against a partner's") {
      $0.antiEntropyFigures.comparisons
    },
    CounterRecord("anti_entropy_ranges", "Hash ranges that differed") {
      $0.antiEntropyFigures.ranges
    },
    CounterRecord("anti_entropy_keys", "Newer versions sent by anti-entropy, either way") {
      $0.antiEntropyFigures.keysSent
    },
    CounterRecord(
      "anti_entropy_bytes", unit: "bytes", "Bytes sent to compare and mend hash trees"
    ) { $0.antiEntropyFigures.bytes },
    CounterRecord("moved_keys", "Keys moved between nodes by joins and leaves") { $0.keysMoved },
    CounterRecord("moved_bytes", unit: "bytes", "Bytes moved between nodes by joins and leaves") {
      $0.bytesMoved
    },
  ]

  static func json(_ simulation: Simulation) -> JSONValue {
    .object(all.map { ($0.key, .integer($0.value(simulation))) })
  }
}
