import Glibc

/// The only clocks of the program. The simulation never sees them.
enum Clock {
  /// Nanoseconds of a clock that never jumps.
  static var wall: Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds of processor that this process has used.
  static var processor: Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
