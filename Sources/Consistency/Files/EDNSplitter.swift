/// Finds where the operations of an EDN history begin and end, byte by byte, so that no more than
/// one of them is ever held: maps one after another, or all inside one vector or list.
struct EDNSplitter {
  enum Finding {
    case nothing
    /// This byte is the first of a form.
    case begins
    /// This byte is the last of the form.
    case ends
  }

  private enum Place { case between, comment, text, escape, character }

  private var place = Place.between
  private var depth = 0
  private var base = 0
  /// Nothing but white space and comments has come.
  private(set) var isFirst = true
  /// A form has begun and not ended.
  private(set) var isInForm = false
  /// The vector around all operations was closed.
  private(set) var isClosed = false

  /// The vector around all operations has begun and not ended.
  var isEnclosed: Bool { base == 1 && !isClosed }

  /// Takes the next byte. Throws where a bracket closes nothing, or text follows the vector.
  mutating func take(_ byte: UInt8) throws(TextFault) -> Finding {
    switch place {
    case .comment:
      if byte == UInt8(ascii: "\n") { place = .between }
      return .nothing
    case .text:
      if byte == UInt8(ascii: "\\") { place = .escape }
      if byte == UInt8(ascii: "\"") { place = .between }
      return .nothing
    case .escape:
      place = .text
      return .nothing
    case .character:
      place = .between
      return .nothing
    case .between: return try takeBetween(byte)
    }
  }

  private mutating func takeBetween(_ byte: UInt8) throws(TextFault) -> Finding {
    if EDNText.isSpace(byte) { return .nothing }
    if byte == UInt8(ascii: ";") {
      place = .comment
      return .nothing
    }
    if isClosed { throw TextFault(0, "text after the last operation", expected: "nothing") }
    if byte == UInt8(ascii: "\"") { place = .text }
    if byte == UInt8(ascii: "\\") { place = .character }
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "("):
      if isFirst {
        isFirst = false
        base = 1
        depth = 1
        return .nothing
      }
      depth += 1
    case UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"):
      if depth == base, !isInForm, base == 1, byte != UInt8(ascii: "}") {
        isClosed = true
        return .nothing
      }
      guard depth > base else {
        throw TextFault(
          0, "`\(Unicode.Scalar(byte))` closes nothing", expected: "`{:process …}`")
      }
      depth -= 1
      if depth == base {
        isInForm = false
        return .ends
      }
    default: break
    }
    isFirst = false
    if isInForm { return .nothing }
    isInForm = true
    return .begins
  }
}
