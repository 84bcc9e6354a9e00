// Dominance.
extension RegisterSearch {
  /// Beyond this many configurations comparing all pairs costs more than it saves.
  static var compared: Int { 1024 }

  mutating func dropDominated() {
    guard next.count <= Self.compared else { return }
    var keep = [Bool](repeating: true, count: next.count)
    for loser in 0..<next.count {
      for winner in 0..<next.count
      where winner != loser && keep[winner] && next.state(winner) == next.state(loser) {
        if dominates(winner, loser) {
          keep[loser] = false
          break
        }
      }
    }
    if keep.contains(false) { next = next.filtered(keep) }
  }

  /// Whether whatever follows, `winner` can explain it if `loser` can.
  private func dominates(_ winner: Int, _ loser: Int) -> Bool {
    for word in 0..<width {
      let won = next.done(winner, word)
      let lost = next.done(loser, word)
      let silent = next.silent(winner, word)
      let must = (writes[word] | swaps[word]) & ~optional[word]
      // Observations made, optional operations kept back, writes free to be silent: all no worse.
      if lost & ~won & observations[word] != 0 { return false }
      if won & ~lost & optional[word] != 0 { return false }
      if next.silent(loser, word) & ~silent != 0 { return false }
      if (won ^ lost) & must & ~silent != 0 { return false }
    }
    return true
  }
}
