/// What every figure on the screen means and how it is counted.
enum Definitions {
  struct Entry {
    let term: String
    let meaning: String
  }

  static let all: [Entry] = [
    Entry(
      term: "answered % (availability)",
      meaning:
        "operations answered ok within the client's time-out, of all that live clients began "
        + "and that have ended. An operation counts in the phase in which it began."),
    Entry(
      term: "stale %",
      meaning: "answered reads that returned a value which a completed write had already replaced "
        + "before the read began, of all answered reads. Each is put down to its source: the cache "
        + "or the quorum."),
    Entry(
      term: "linearizable so far, not linearizable since",
      meaning:
        "whether one order of the operations of each key, in which none moves out of the time "
        + "between its call and its answer, explains every answer. Judged while it runs, by Wing and "
        + "Gong's search; 'clustertop check' gives the same answer for the exported history. w shows "
        + "why."),
    Entry(
      term: "read your writes, monotonic reads, monotonic writes, writes follow reads",
      meaning: "what each client by itself may rely on: it sees its own writes; it never sees an "
        + "older version after a newer; its later write is the newer version; what it writes is newer "
        + "than what it had read."),
    Entry(
      term: "predicted (p)",
      meaning:
        "what a published formula says of the present settings, beside what was measured since "
        + "settings, ring or faults last changed. Enter shows formula, source and assumptions; where "
        + "one does not hold, the two may differ."),
    Entry(
      term: "before: quorum ms",
      meaning:
        "how much longer answered requests took, while no fault was active, than if the first "
        + "copy's answer had been enough: what consistency costs without a partition (PACELC). A "
        + "cache's answers are not in it."),
    Entry(
      term: "several values (siblings)",
      meaning:
        "a read that finds versions side by side is no register's answer: the verdict on its "
        + "key is unknown, unless its other operations prove a violation."),
    Entry(
      term: "staleness",
      meaning: "how long before the read began its value had been replaced by a completed write."),
    Entry(
      term: "p50 p95 p99",
      meaning: "the time that 50, 95 or 99 of 100 answered operations did not exceed, from the "
        + "client's call to its answer, in ms. In the node table: from the coordinator's receipt."),
    Entry(
      term: "own%",
      meaning: "the part of the hash circle whose keys have the node as their first home. With V "
        + "virtual nodes it scatters by about 1/sqrt(V)."),
    Entry(
      term: "state",
      meaning: "what the observer's own failure detector holds the node for: alive, suspect ("
        + "silent for too long as its membership.detector sees it), dead, left. "
        + "Observers may differ."
    ),
    Entry(
      term: "truly",
      meaning: "what is really the matter where the observer's word is not all: killed, frozen, "
        + "gray, slow, 'up' though believed otherwise, ',cut' where no message passes."),
    Entry(
      term: "beat, for",
      meaning: "time since its heartbeat counter last rose for the observer; with swim, which has "
        + "none: for how long the observer has believed so."),
    Entry(
      term: "hints, owed",
      meaning:
        "writes that the node keeps for others that missed them; writes that others keep for "
        + "it. They are handed over when it is back."),
    Entry(
      term: "queue",
      meaning: "requests that wait at the node for a worker. A full queue refuses: overloaded."),
    Entry(
      term: "load",
      meaning:
        "reads and writes a node serves as a replica, per second; beside own% it shows hot keys."),
    Entry(term: "in, out", meaning: "messages received and sent since the start."),
    Entry(
      term: "can be read %, write %",
      meaning: "the share of requests, by the workload's choice of keys, for whose key the "
        + "location's side of the network really holds enough home replicas (sloppy: nodes)."),
    Entry(
      term: "quorum OK, PARTLY, LOST",
      meaning: "OK: every key can be read and written from the location; PARTLY: some; LOST: none."),
    Entry(
      term: "n/m up",
      meaning: "nodes whose process really runs, of those not taken out of the ring: the truth, "
        + "not what anybody believes."),
    Entry(
      term: "R + W > N",
      meaning: "then every read set overlaps every write set, so a strict read sees the last "
        + "completed write. It is not linearizable without write-back."),
    Entry(
      term: "not-enough-replicas",
      meaning: "the coordinator knew at once that too few replicas were alive to it: the operation "
        + "certainly did not happen."),
    Entry(
      term: "timeout, no-answer",
      meaning:
        "too few replicas answered the coordinator in time; the client heard nothing at all. "
        + "A write may have been applied: its outcome is unknown."),
    Entry(
      term: "overloaded, no-coordinator",
      meaning: "a full queue refused the request; the client found no server that answers pings."),
    Entry(
      term: "web tier: used, out, held, work%, lost",
      meaning:
        "used and out are what the balancer believes by its probes ('2 of 3' failed so far); the truth "
        + "stands beside it. Held: workers with a request, which keeps its worker while it waits for "
        + "cache or store; work%: the part of them that did not wait, since the start. Lost: sent to "
        + "the server and never answered. no-web-server: the balancer held none healthy."),
    Entry(
      term: "retries, over budget",
      meaning:
        "attempts of clients after the first (client.retries); retries that client.retry_budget did "
        + "not allow. An operation counts once, from its first attempt to its last answer. A write "
        + "sent again may be applied twice, with another's between: the verdict shows it."),
    Entry(
      term: "Raft: term, vote, commit, lag",
      meaning: "a term has at most one leader; a vote is given once a term, to whom 'vote' names. "
        + "Commit is the last log index that a majority holds for good. Lag counts the entries of "
        + "the leader's log that a server does not have yet. A candidate asks for votes; a server "
        + "with no leader refuses; an old leader has not heard yet that a newer term has one."),
    Entry(
      term: "hit ratio", meaning: "cache hits of all reads that asked the cache, over real keys."),
    Entry(
      term: "evicted, expired",
      meaning: "objects that left a full cache; objects found older than cache.ttl, which count as "
        + "misses."),
    Entry(
      term: "first suspicion, agreement, recovered",
      meaning: "of a fault's clock: when the first live node suspected somebody it really hides; "
        + "when all live nodes hold those dead; after its end, when all hold all alive again and no "
        + "hint waits."),
    Entry(
      term: "false suspicions",
      meaning: "suspicions of nodes that were up and reachable all the time."),
  ]
}
