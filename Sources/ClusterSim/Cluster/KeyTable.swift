/// Names of keys and their places on the ring. A key is a small number everywhere else.
struct KeyTable {
  private(set) var names: ContiguousArray<String> = []
  private(set) var tokens: ContiguousArray<UInt64> = []
  /// Never iterated: its order is not the same in two processes.
  private var numbers: [String: UInt32] = [:]

  var count: Int { names.count }

  /// The keys of the workload: `user:1` to `user:COUNT`, or as many in turn of each family.
  init(_ workload: Settings.Workload) {
    names.reserveCapacity(workload.keys)
    tokens.reserveCapacity(workload.keys)
    let families = KeyFamily.allCases
    for index in 0..<workload.keys {
      _ = intern(
        workload.families
          ? "\(families[index % families.count].prefix)\(index / families.count + 1)"
          : "user:\(index + 1)")
    }
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
