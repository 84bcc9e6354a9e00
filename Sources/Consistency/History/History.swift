/// A history whose events are paired into operations, ready to be judged.
public struct History: Sendable {
  /// In the order of their first appearance.
  public let keys: [String]
  let values: ValueTable
  /// In the order of their invocations.
  let operations: ContiguousArray<HistoryOperation>
  /// The numbers of all operations, those of one key together, each key's in order.
  private let byKey: ContiguousArray<Int32>
  /// Where each key's part of `byKey` begins, and its end.
  private let bounds: ContiguousArray<Int32>

  init(keys: [String], values: ValueTable, operations: ContiguousArray<HistoryOperation>) {
    self.keys = keys
    self.values = values
    self.operations = operations
    var bounds = ContiguousArray<Int32>(repeating: 0, count: keys.count + 1)
    for operation in operations { bounds[Int(operation.key) + 1] += 1 }
    for key in keys.indices { bounds[key + 1] += bounds[key] }
    var next = bounds
    var byKey = ContiguousArray<Int32>(repeating: 0, count: operations.count)
    for (number, operation) in operations.enumerated() {
      byKey[Int(next[Int(operation.key)])] = Int32(number)
      next[Int(operation.key)] += 1
    }
    self.byKey = byKey
    self.bounds = bounds
  }

  public var operationCount: Int { operations.count }

  /// The numbers of one key's operations, in the order of their invocations.
  func numbers(ofKey key: Int) -> [Int32] {
    Array(byKey[Int(bounds[key])..<Int(bounds[key + 1])])
  }

  /// The operations of one key, in the order of their invocations.
  func operations(ofKey key: Int) -> [HistoryOperation] {
    numbers(ofKey: key).map { operations[Int($0)] }
  }
}
