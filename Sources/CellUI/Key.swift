/// A click or a turn of the wheel, at a cell of the screen.
public struct MouseEvent: Equatable, Hashable, Sendable {
  public enum Action: String, Sendable { case click, doubleClick, wheelUp, wheelDown }

  public var action: Action
  public var x: Int
  public var y: Int

  public init(_ action: Action, x: Int, y: Int) {
    self.action = action
    self.x = x
    self.y = y
  }

  public var point: Point { Point(x, y) }
}

/// One thing that the terminal reports.
public enum Key: Equatable, Hashable, Sendable {
  /// A printable character, space included.
  case character(Unicode.Scalar)
  /// Control and a lower-case letter or one of `@[\]^_`: `.control("p")`.
  case control(Unicode.Scalar)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right
  case home, end, pageUp, pageDown
  /// F1 to F12.
  case function(Int)
  case mouse(MouseEvent)
  case paste(String)
  /// The terminal has another size now.
  case resize
}

extension Key: CustomStringConvertible {
  private static let names: [(Key, String)] = [
    (.character(" "), "Space"), (.enter, "Enter"), (.escape, "Esc"), (.tab, "Tab"),
    (.backTab, "S-Tab"), (.backspace, "Backspace"), (.delete, "Del"), (.insert, "Ins"),
    (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"), (.home, "Home"),
    (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"), (.resize, "Resize"),
  ]

  /// The name that footer, help and lessons print: `K`, `^P`, `F1`, `Space`.
  public var description: String {
    if let named = Key.names.first(where: { $0.0 == self }) { return named.1 }
    switch self {
    case .character(let scalar): return String(Character(scalar))
    case .control(let scalar): return "^" + scalar.properties.uppercaseMapping
    case .function(let number): return "F\(number)"
    case .mouse(let event):
      return "Mouse-\(event.action.rawValue)(\(event.x),\(event.y))"
    case .paste: return "Paste"
    default: return "?"
    }
  }

  /// Reads a name as ``description`` writes it; nil if it names no key. Mouse, paste and resize
  /// have no readable name.
  public init?(_ name: String) {
    if let named = Key.names.first(where: { $0.1 == name }), named.0 != .resize {
      self = named.0
      return
    }
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 1, !scalars[0].isControl {
      self = .character(scalars[0])
    } else if scalars.count == 2, scalars[0] == "^", scalars[1].value > 0x3F,
      scalars[1].value < 0x7F
    {
      let value = scalars[1].value
      self = .control(Unicode.Scalar(value >= 0x41 && value <= 0x5A ? value + 32 : value)!)
    } else if name.hasPrefix("F"), let number = Int(name.dropFirst()), (1...12).contains(number),
      name == "F\(number)"
    {
      self = .function(number)
    } else {
      return nil
    }
  }
}
