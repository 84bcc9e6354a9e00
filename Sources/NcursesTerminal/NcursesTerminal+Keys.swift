import CNcurses
import CellUI

extension NcursesTerminal {
  /// The most that is kept of one paste, in scalars.
  private static let pasteLimit = 4096

  /// The next key that is already there.
  func nextKey() -> Key? {
    while true {
      let event = ct_read()
      switch event.kind {
      case CT_NOTHING: return nil
      case CT_CHARACTER:
        if let scalar = Unicode.Scalar(UInt32(bitPattern: event.value)) {
          return NcursesTerminal.key(scalar)
        }
      case CT_KEY:
        if let key = NcursesTerminal.key(code: UInt32(bitPattern: event.value)) { return key }
      case CT_CLICK: return .mouse(MouseEvent(.click, x: Int(event.x), y: Int(event.y)))
      case CT_WHEEL_UP: return .mouse(MouseEvent(.wheelUp, x: Int(event.x), y: Int(event.y)))
      case CT_WHEEL_DOWN: return .mouse(MouseEvent(.wheelDown, x: Int(event.x), y: Int(event.y)))
      case CT_PASTE_BEGIN: return .paste(readPaste())
      default: continue
      }
    }
  }

  private func readPaste() -> String {
    var text = String.UnicodeScalarView()
    var count = 0
    while true {
      let event = ct_read()
      switch event.kind {
      case CT_PASTE_END: return String(text)
      case CT_CHARACTER:
        if count < Self.pasteLimit, let scalar = Unicode.Scalar(UInt32(bitPattern: event.value)) {
          text.append(scalar)
          count += 1
        }
      case CT_NOTHING:
        // The rest may still be on its way; a terminal that never ends its paste must not hang us.
        if pendingSignal != nil || !ct_input_ready(200) { return String(text) }
      default: continue
      }
    }
  }

  /// Control characters by their names.
  static func key(_ scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 9: .tab
    case 10, 13: .enter
    case 27: .escape
    case 8, 127: .backspace
    case 0: .control("@")
    case 1...26: .control(Unicode.Scalar(scalar.value + 96)!)
    case 28...31: .control(Unicode.Scalar(scalar.value + 64)!)
    case 0x80..<0xA0: nil
    default: .character(scalar)
    }
  }

  private static func key(code: UInt32) -> Key? {
    switch code {
    case CT_UP.rawValue: .up
    case CT_DOWN.rawValue: .down
    case CT_LEFT.rawValue: .left
    case CT_RIGHT.rawValue: .right
    case CT_HOME.rawValue: .home
    case CT_END.rawValue: .end
    case CT_PAGE_UP.rawValue: .pageUp
    case CT_PAGE_DOWN.rawValue: .pageDown
    case CT_INSERT.rawValue: .insert
    case CT_DELETE.rawValue: .delete
    case CT_BACKSPACE.rawValue: .backspace
    case CT_BACK_TAB.rawValue: .backTab
    case CT_ENTER.rawValue: .enter
    case CT_F1.rawValue..<CT_F1.rawValue + 12: .function(Int(code - CT_F1.rawValue) + 1)
    default: nil
    }
  }
}
