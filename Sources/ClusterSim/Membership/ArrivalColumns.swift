/// Mean and variance of the gaps between the heartbeats of every host, by host number, in columns of ten
/// bytes a host: with n nodes there are n times n of them.
///
/// Hayashibara et al. (SRDS 2004) keep a sampling window of the last W gaps. This is its recursive form,
/// which needs no gap remembered: a new gap weighs `w = max(1 / (k + 1), 2 / (W + 1))` after k
/// others, and with `d = gap - mean`
///
///     mean += w d,  variance = (1 - w) (variance + w d^2).
///
/// Up to W/2 gaps these are exactly the mean and the variance of all of them (Welford 1962). From then
/// on gaps are forgotten little by little, by `1 - w` with each new one, in place of all at once after W.
/// With `2 / (W + 1)` a gap is in the mean as old as in a window of W, (W - 1) / 2 gaps, and the mean
/// of independent gaps scatters as that window's, with `sd / sqrt W` (Brown 1963, exponential
/// smoothing). What differs: after a change for good, a window of W knows nothing of the old gaps
/// after W new ones, and here they still weigh `e^-2`.
struct ArrivalColumns {
  /// ns.
  private var means: ContiguousArray<Float> = []
  /// ns squared.
  private var variances: ContiguousArray<Float> = []
  /// Gaps taken in; full is full, as from W/2 on the number has no meaning.
  private var counts: ContiguousArray<UInt16> = []

  var bytes: Int { counts.count * 10 }

  func hasGaps(_ index: Int) -> Bool { index < counts.count && counts[index] > 0 }

  /// Mean and standard deviation of a host's gaps, ns; nil before the first.
  func gaps(_ index: Int) -> (mean: Double, deviation: Double)? {
    guard hasGaps(index) else { return nil }
    return (Double(means[index]), Double(variances[index]).squareRoot())
  }

  /// Makes places for so many hosts.
  mutating func widen(to width: Int) {
    guard width > counts.count else { return }
    if counts.capacity < width {
      // Not doubled: every node has such columns.
      let room = width + max(8, width / 32)
      means.reserveCapacity(room)
      variances.reserveCapacity(room)
      counts.reserveCapacity(room)
    }
    let more = width - counts.count
    means.append(contentsOf: repeatElement(0, count: more))
    variances.append(contentsOf: repeatElement(0, count: more))
    counts.append(contentsOf: repeatElement(0, count: more))
  }

  /// Takes in a gap of a host that has a place, ns, where `window` gaps are to count.
  mutating func add(_ gap: Int64, of index: Int, window: Int) {
    let count = counts[index]
    let weight = max(1 / (Double(count) + 1), 2 / (Double(window) + 1))
    let mean = Double(means[index])
    let off = Double(gap) - mean
    means[index] = Float(mean + weight * off)
    variances[index] = Float((1 - weight) * (Double(variances[index]) + weight * off * off))
    if count < .max { counts[index] = count + 1 }
  }
}
