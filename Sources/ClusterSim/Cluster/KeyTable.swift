/// Names of keys and their places on the ring. A key is a small number everywhere else.
struct KeyTable {
  private(set) var names: ContiguousArray<String> = []
  private(set) var tokens: ContiguousArray<UInt64> = []
  /// Never iterated: its order is not the same in two processes.
  private var numbers: [String: UInt32] = [:]

  var count: Int { names.count }

  /// `user:1` to `user:COUNT`, the keys of the workload.
  init(workload count: Int) {
    names.reserveCapacity(count)
    tokens.reserveCapacity(count)
    for index in 0..<count { _ = intern("user:\(index + 1)") }
  }

  /// Keys by their names, all different.
  init(names: some Sequence<String>) {
    for name in names { _ = intern(name) }
  }

  func number(of name: String) -> UInt32? { numbers[name] }

  /// The number of a key, new where the name is.
  mutating func intern(_ name: String) -> UInt32 {
    if let number = numbers[name] { return number }
    let number = UInt32(names.count)
    names.append(name)
    tokens.append(RingToken.token(name))
    numbers[name] = number
    return number
  }
}
