import CellUI

/// How many colours the user wants: `--color`.
public enum ColorMode: String, CaseIterable, Sendable {
  case auto, rgb
  case indexed = "256"
  case sixteen = "16"
  case mono
}

/// Which characters the user wants: `--glyphs`.
public enum GlyphMode: String, CaseIterable, Sendable {
  case auto, braille, block, ascii
}

/// What the user asked of the terminal.
public struct TerminalOptions: Sendable {
  public var color: ColorMode
  public var glyphs: GlyphMode
  public var mouse: Bool
  public var theme: Theme

  public init(
    color: ColorMode = .auto, glyphs: GlyphMode = .auto, mouse: Bool = true,
    theme: Theme = .standard
  ) {
    self.color = color
    self.glyphs = glyphs
    self.mouse = mouse
    self.theme = theme
  }
}

/// Why there is no terminal to draw on; one line for the user.
public struct TerminalError: Error, Equatable, CustomStringConvertible {
  public var message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
