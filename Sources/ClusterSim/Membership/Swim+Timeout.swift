extension Swim {
  struct Suspicion {
    let subject: NodeID
    let since: Int64
    /// Who suspects it, each once; the first is not a confirmation.
    var from: [NodeID]
  }

  /// `mult * max(1, log10 n)` periods (memberlist `util.go`); with Lifeguard from `max_mult` times
  /// that down to it, `max(Min, Max - (Max - Min) * log(C + 1) / log(K + 1))` after C confirmations.
  static func suspicionTimeout(
    members: Int, confirmations: Int, _ settings: Settings.Membership
  ) -> Int64 {
    let digits = max(1, Elementary.log(Double(max(1, members))) / Elementary.log(10))
    let least = Double(settings.suspicionMult) * digits * Double(settings.swimPeriod.nanoseconds)
    let wanted = min(Self.confirmationsWanted, members - 2)
    guard settings.lifeguard, wanted > 0 else { return Int64(least) }
    let most = least * Double(settings.suspicionMaxMult)
    let share = Elementary.log(Double(confirmations + 1)) / Elementary.log(Double(wanted + 1))
    return Int64(max(least, most - (most - least) * share))
  }
}
