/// Numbers with a fixed count of decimals, for reading.
enum Decimal {
  /// Rounded half away from zero; `-` where `value` is no number or too large to be read.
  static func text(_ value: Double, places: Int) -> String {
    precondition((0...6).contains(places), "\(places) decimals")
    let scale = (0..<places).reduce(1) { result, _ in result * 10 }
    let scaled = (value * Double(scale)).rounded()
    guard scaled.isFinite, abs(scaled) < 1e15 else { return "-" }
    let whole = Int(scaled).magnitude
    let sign = scaled < 0 ? "-" : ""
    if places == 0 { return sign + "\(whole)" }
    let rest = String(whole % UInt(scale))
    return sign + "\(whole / UInt(scale))." + String(repeating: "0", count: places - rest.count)
      + rest
  }
}
