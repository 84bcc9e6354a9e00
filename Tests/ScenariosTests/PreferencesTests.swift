import Testing

@testable import Scenarios

@Suite struct PreferencesTests {
  private static let colors = ["auto", "mono"]
  private static let glyphs = ["auto", "ascii"]

  private static func read(_ text: String) throws(ScenarioError) -> Preferences {
    try Preferences.read(Array(text.utf8), file: "c.yaml", colors: colors, glyphs: glyphs)
  }

  @Test func commentedFile_isReadAsTheUsualValues() throws {
    let text = Preferences.commented(theme: "dark", colors: Self.colors, glyphs: Self.glyphs)
    let preferences = try Self.read(text)
    #expect(preferences.theme == "dark" && preferences.speed == 1 && preferences.seed == nil)
    #expect(preferences.color == "auto" && preferences.glyphs == "auto")
    #expect(preferences.mouse == true)
    let other = try Self.read("seed: 7\nmouse: false\nspeed: 2.5")
    #expect(other.seed == 7 && other.mouse == false && other.speed == 2.5 && other.theme == nil)
  }

  @Test func badFields_areRefusedWithTheirPlace() {
    func complaint(_ text: String) -> String {
      do throws(ScenarioError) {
        _ = try Self.read(text)
        return "read"
      } catch { return error.description }
    }
    #expect(complaint("spede: 1").contains("c.yaml:1:1: unknown field of a configuration 'spede'"))
    #expect(complaint("speed: 1000").hasPrefix("c.yaml:1:8: "))
    #expect(complaint("seed: -1").hasPrefix("c.yaml:1:7: seed: a whole number"))
    #expect(complaint("glyphs: asci").contains("did you mean 'ascii'?"))
    #expect(complaint("mouse: maybe").hasPrefix("c.yaml:1:8: unknown mouse 'maybe'"))
  }
}
