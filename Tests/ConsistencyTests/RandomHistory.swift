import Consistency

/// Makes histories by running clients against a real register, then, on wish, lying about it.
struct RandomHistory {
  var processes = 3
  var operations = 6
  /// Written values; 0 makes every written value different.
  var values = 2
  var cas = true
  /// In percent: an operation ends as info, ends as fail, a read's result is replaced.
  var info = 10
  var fail = 10
  var lies = 0
  var keys = 1
  /// Gives every completion the version that the register had.
  var versions = false

  private struct Client {
    var function = OperationRecord.Function.read
    var key = 0
    var value: Int64 = 0
    var from: HistoryValue?
    var isApplied = false
    var succeeds = true
    var seen: HistoryValue?
    var version: Int64 = 0
  }

  func records(_ random: inout Seeded) -> [OperationRecord] {
    var register = [HistoryValue?](repeating: nil, count: keys)
    var version = [Int64](repeating: 0, count: keys)
    var clients: [Int: Client] = [:]
    var lost: [Client] = []
    var records: [OperationRecord] = []
    var idle = Array(0..<processes)
    var begun = 0
    var nextProcess = processes
    var unique: Int64 = 0

    func apply(_ client: inout Client) {
      guard !client.isApplied else { return }
      client.isApplied = true
      client.seen = register[client.key]
      if client.function == .cas, register[client.key] != client.from {
        client.succeeds = false
        return
      }
      if client.function != .read {
        register[client.key] = .integer(client.value)
        version[client.key] += 1
      }
      client.version = version[client.key]
    }

    func record(_ process: Int, _ kind: OperationRecord.Kind, _ client: Client) {
      var record = OperationRecord(
        process: Int64(process), kind: kind, function: client.function, key: "k\(client.key)",
        value: nil, time: Int64(records.count) * 10)
      if client.function != .read { record.value = .integer(client.value) }
      if client.function == .read, kind == .ok { record.value = client.seen }
      if client.function == .cas { record.from = client.from }
      record.hasValue = client.function != .read || record.value != nil
      if kind == .ok, versions { record.version = client.version }
      records.append(record)
    }

    while begun < operations || !clients.isEmpty {
      if !lost.isEmpty, random.chance(20) {
        let place = random.below(lost.count)
        apply(&lost[place])
        lost.remove(at: place)
        continue
      }
      if begun < operations, !idle.isEmpty, clients.isEmpty || random.chance(50) {
        let process = idle.remove(at: random.below(idle.count))
        var client = Client()
        client.key = random.below(keys)
        let choice = random.below(cas ? 5 : 4)
        client.function = choice < 2 ? .read : choice < 4 ? .write : .cas
        unique += 1
        client.value = values == 0 ? unique : Int64(random.below(values))
        let other = values == 0 ? max(1, unique - 1) : Int64(random.below(values))
        client.from = random.chance(20) ? nil : .integer(other)
        if client.function != .cas { client.from = nil }
        record(process, .invoke, client)
        clients[process] = client
        begun += 1
        continue
      }
      let process = clients.keys.sorted()[random.below(clients.count)]
      var client = clients[process]!
      if !client.isApplied, random.chance(40) {
        apply(&client)
        clients[process] = client
        continue
      }
      clients[process] = nil
      if random.chance(info) {
        // Half of them write it down, half are never heard of again.
        if random.chance(50) { record(process, .info, client) }
        if !client.isApplied, client.function != .read { lost.append(client) }
        idle.append(nextProcess)
        nextProcess += 1
        continue
      }
      idle.append(process)
      if !client.isApplied, random.chance(fail) {
        client.seen = nil
        if client.function != .cas {
          record(process, .fail, client)
          continue
        }
      }
      apply(&client)
      if client.function == .read, random.chance(lies) {
        client.seen = random.chance(15) ? nil : .integer(Int64(random.below(values + 3)))
      }
      let hasHappened = client.function != .cas || client.succeeds
      record(process, hasHappened ? .ok : .fail, client)
    }
    return records
  }
}
