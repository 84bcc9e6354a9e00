import CellUI
import ClusterSim
import Scenarios

/// What `clustertop cache` says.
struct CacheReport {
  struct Row {
    let policy: String
    let size: Int
    let hits: Int
    /// The hits that the optimum has at this size.
    let best: Int
  }

  let requests: Int
  let keys: Int
  var rows: [Row] = []

  private func ratio(_ hits: Int) -> Double? {
    requests > 0 ? Double(hits) / Double(requests) : nil
  }

  /// The part of the optimum's hits, where it has any.
  private func reached(_ row: Row) -> Double? {
    row.best > 0 ? Double(row.hits) / Double(row.best) : nil
  }

  var text: String {
    var table = TextTable(["policy", "size", "hits", "misses", "hit ratio", "optimum", "reached"])
    for row in rows {
      table.append([
        row.policy, "\(row.size)", "\(row.hits)", "\(requests - row.hits)",
        figure(ratio(row.hits)), figure(ratio(row.best)),
        reached(row).map { NumberText.fixed($0 * 100, 1) + " %" } ?? "-",
      ])
    }
    return "\(requests) requests of \(keys) keys\n\n" + table.text
  }

  private func figure(_ value: Double?) -> String {
    value.map { NumberText.fixed($0, 4) } ?? "-"
  }

  var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    return .object([
      ("requests", .integer(requests)), ("keys", .integer(keys)),
      (
        "results",
        .array(
          rows.map { row in
            .object([
              ("policy", .string(row.policy)), ("size", .integer(row.size)),
              ("hits", .integer(row.hits)), ("misses", .integer(requests - row.hits)),
              ("hit_ratio", number(ratio(row.hits))),
              ("optimum_hits", .integer(row.best)),
              ("optimum_hit_ratio", number(ratio(row.best))),
            ])
          })
      ),
    ])
  }
}
