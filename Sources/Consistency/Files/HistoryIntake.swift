/// From the bytes of a file to a history that can be judged.
public struct HistoryIntake: Sendable {
  private let model: CheckOptions.Model
  private let limits: HistoryLimits
  private var reader: HistoryReader
  private var builder: HistoryBuilder?

  public init(_ options: CheckOptions = CheckOptions(), limits: HistoryLimits = HistoryLimits()) {
    model = options.model
    self.limits = limits
    reader = HistoryReader(limits: limits)
  }

  /// Takes the next bytes of the file. Throws where they cannot be what they should.
  public mutating func feed(_ bytes: some Sequence<UInt8>) throws(HistoryProblem) {
    var records: [HistoryReader.Placed] = []
    try reader.feed(bytes, into: &records)
    try take(records)
  }

  /// The history, at the end of the file. Throws where something is missing or contradicts itself.
  public mutating func history() throws(HistoryProblem) -> (History, HistoryReader.Format) {
    var records: [HistoryReader.Placed] = []
    try reader.finish(into: &records)
    try take(records)
    // A file that ends well is of a known format.
    return (try builder!.history(), reader.format!)
  }

  private mutating func take(_ records: [HistoryReader.Placed]) throws(HistoryProblem) {
    if builder == nil, let format = reader.format {
      builder = HistoryBuilder(keepsOrder: format == .edn, model: model, limits: limits)
    }
    for record in records { try builder?.add(record) }
  }
}
