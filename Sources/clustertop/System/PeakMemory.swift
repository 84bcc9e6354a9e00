import Glibc

/// The most memory that was resident since the last reset.
enum PeakMemory {
  /// Begins to count anew, where the kernel lets us.
  static func reset() {
    guard let file = fopen("/proc/self/clear_refs", "we") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// In units of 1024 bytes.
  static var kilobytes: Int { read("VmHWM:") ?? maximumEver }

  /// What is resident now, in units of 1024 bytes; 0 where the kernel does not say.
  static var resident: Int { read("VmRSS:") ?? 0 }

  private static func read(_ field: String) -> Int? {
    guard let file = fopen("/proc/self/status", "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix(field) { return Int(text.filter(\.isNumber)) }
    }
    return nil
  }

  private static var maximumEver: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}
