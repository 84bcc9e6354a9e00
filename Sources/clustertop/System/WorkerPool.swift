import Glibc
import Synchronization

/// Whole jobs on several threads, their results in the order of the jobs. Each job is a simulation
/// of its own, so nothing is shared but the next number and the results.
enum WorkerPool {
  /// Cores of this machine.
  static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Does jobs `0..<count` on so many threads and hands each result to `each`, in order, on the
  /// calling thread. `idle` is called now and then while it waits.
  ///
  /// What either throws ends it: running jobs are waited for, no more are begun.
  static func run<Result: Sendable>(
    _ count: Int, threads: Int, job: @escaping @Sendable (Int) -> Result,
    idle: (_ done: Int) throws(Failure) -> Void, each: (Result) throws(Failure) -> Void
  ) throws(Failure) {
    let work = Work(count: count, ahead: 64 + 8 * threads, job: job)
    let workers = (0..<min(threads, count)).map { _ in Worker { work.loop() } }
    defer {
      work.stop()
      for worker in workers { worker.join() }
    }
    var done = 0
    while done < count {
      if let result = work.take(done) {
        try each(result)
        done += 1
        if done % 64 != 0 { continue }
      } else {
        usleep(2000)
      }
      try idle(done)
    }
  }

  private final class Work<Result: Sendable>: Sendable {
    private struct State {
      var next = 0
      /// Results that are ready and not yet taken, by job.
      var ready: [Int: Result] = [:]
      var taken = 0
      var isStopped = false
    }
    private let state = Mutex(State())
    private let count: Int
    /// Jobs that may be begun beyond the first that was not taken; bounds what is kept.
    private let ahead: Int
    private let job: @Sendable (Int) -> Result

    init(count: Int, ahead: Int, job: @escaping @Sendable (Int) -> Result) {
      self.count = count
      self.ahead = ahead
      self.job = job
    }

    func stop() { state.withLock { $0.isStopped = true } }

    func take(_ index: Int) -> Result? {
      state.withLock { state in
        guard let result = state.ready.removeValue(forKey: index) else { return nil }
        state.taken = index + 1
        return result
      }
    }

    private enum Turn {
      case job(Int)
      case wait, end
    }

    func loop() {
      while true {
        let turn = state.withLock { state -> Turn in
          if state.isStopped || state.next >= count { return .end }
          if state.next >= state.taken + ahead { return .wait }
          state.next += 1
          return .job(state.next - 1)
        }
        switch turn {
        case .end: return
        case .wait: usleep(2000)
        case .job(let index):
          let result = job(index)
          state.withLock { $0.ready[index] = result }
        }
      }
    }
  }

  /// One thread.
  private final class Worker {
    private final class Body: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    private var thread = pthread_t()

    init(_ run: @escaping @Sendable () -> Void) {
      let body = Unmanaged.passRetained(Body(run))
      let result = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
          return nil
        }, body.toOpaque())
      precondition(result == 0, "no thread: \(String(cString: strerror(result)))")
    }

    func join() { pthread_join(thread, nil) }
  }
}
