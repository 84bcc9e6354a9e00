import Glibc
import Testing

@testable import Scenarios

@Suite struct YAMLParserTests {
  private func complaint(_ text: String) -> String {
    complaint(bytes: Array(text.utf8))
  }

  private func complaint(bytes: [UInt8]) -> String {
    do throws(ScenarioError) {
      _ = try YAMLParser.parse(bytes, file: "f.yaml")
      return "read without complaint"
    } catch {
      return error.description
    }
  }

  @Test func mapping_keepsOrderAndPositions() throws {
    let node = try YAMLParser.parse(Array("name: a\nüä: [1, two]\n".utf8), file: "f")
    guard case .mapping(let entries) = node.content else {
      Issue.record("no mapping: \(node)")
      return
    }
    #expect(entries.map(\.key) == ["name", "üä"])
    #expect(entries[1].keyPosition == TextPosition(line: 2, column: 1))
    guard case .sequence(let items) = entries[1].value.content else {
      Issue.record("no list: \(entries[1])")
      return
    }
    // Columns count characters, not bytes.
    #expect(items.map(\.position) == [.init(line: 2, column: 6), .init(line: 2, column: 9)])
    #expect(items[1].content == .scalar("two", .plain))
  }

  @Test func byteOrderMark_isSkippedAndDoesNotShiftColumns() throws {
    let node = try YAMLParser.parse([0xef, 0xbb, 0xbf] + Array("a: b".utf8), file: "f")
    guard case .mapping(let entries) = node.content else {
      Issue.record("no mapping: \(node)")
      return
    }
    #expect(entries[0].keyPosition == TextPosition(line: 1, column: 1))
    #expect(entries[0].value.position == TextPosition(line: 1, column: 4))
  }

  @Test func controlCharacters_becomeVisibleSymbols() throws {
    let node = try YAMLParser.parse(Array(#""a\x1b[2Jb\u202ec\x7f\nd""#.utf8), file: "f")
    #expect(node.content == .scalar("a␛[2Jb\u{fffd}c␡\nd", .quoted))
    #expect(Visible.line("a\nb\r") == "a␊b␍")
  }

  @Test func malformedText_isReportedWithItsPlace() {
    let deep = String(repeating: "[", count: 33)
    let cases: [(String, String)] = [
      ("", "f.yaml:1:1: is empty; fields such as `name: …` are expected"),
      ("# only a comment\n", "f.yaml:1:1: is empty; fields such as `name: …` are expected"),
      (
        "a: 1\n\n  a\u{1}: 2",
        "f.yaml:3:4: the control character U+0001 cannot stand in a YAML file"
      ),
      ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: `a` is given twice; first in line 1"),
      (
        "a: &x 1\nb: *x\n",
        "f.yaml:1:4: anchors (`&name`) are not read; write the value where it is used"
      ),
      ("a: 1\nb: *x\n", "f.yaml:2:4: aliases (`*name`) are not read; write the value out"),
      ("a: !!int 1\n", "f.yaml:1:4: tags (`!name`) are not read; leave the tag out"),
      ("a: 1\n---\nb: 2\n", "f.yaml:3:1: a second document begins here; a file holds one"),
      ("a:\n  \(deep)\n", "f.yaml:2:34: nested deeper than 32 levels, the limit"),
      ("[a]: 1\n", "f.yaml:1:1: the name of a field must be a single word"),
      (
        "a: b: c\n",
        "f.yaml:1:5: broken YAML: mapping values are not allowed in this context"
          + "; put quotes around a text that contains `: `, and check the indentation"
      ),
      (
        "a:\n\tb: 1\n",
        "f.yaml:2:1: broken YAML: found character that cannot start any token "
          + "(while scanning for the next token); indent with spaces, not tabs, and put quotes "
          + "around a text that begins with a sign"
      ),
      (
        "a: [1, 2\n",
        "f.yaml:1:9: broken YAML: did not find expected ',' or ']' (while parsing a flow sequence)"
      ),
      (
        "a: \"\(String(repeating: "x", count: 4097))\"",
        "f.yaml:1:4: a text longer than 4096 bytes, the limit"
      ),
    ]
    for (text, expected) in cases {
      #expect(complaint(text) == expected, "for \(text.prefix(40))")
    }
  }

  @Test func bytesThatAreNoText_areReportedWithTheirPlace() {
    let cases: [([UInt8], String)] = [
      ([0x61, 0x3a, 0x20, 0xff], "f.yaml:1:4: the byte 0xFF is not UTF-8 text"),
      ([0x61, 0x0a, 0xc0, 0x80], "f.yaml:2:1: the byte 0xC0 is not UTF-8 text"),
      // A surrogate, an overlong form and a sequence cut short.
      ([0xed, 0xa0, 0x80], "f.yaml:1:1: the byte 0xED is not UTF-8 text"),
      ([0xe0, 0x80, 0x80], "f.yaml:1:1: the byte 0xE0 is not UTF-8 text"),
      ([0xc3, 0xa4, 0xe2, 0x82], "f.yaml:1:2: the byte 0xE2 is not UTF-8 text"),
      (
        [0x7f, 0x45, 0x4c, 0x46, 2, 1],
        "f.yaml:1:1: the control character U+007F cannot stand in a YAML file"
      ),
      ([0], "f.yaml:1:1: the control character U+0000 cannot stand in a YAML file"),
    ]
    for (bytes, expected) in cases { #expect(complaint(bytes: bytes) == expected) }
  }

  @Test func largeInput_endsAtItsBound() {
    #expect(
      complaint(bytes: [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        == "f.yaml: is larger than 1 MiB, the limit for such a file")
    let list = "[" + String(repeating: "a,", count: 20_001) + "]"
    #expect(complaint(list).hasSuffix("more than 20000 values, the limit for such a file"))
    // Shapes that are known to be slow in careless parsers, at the size limit.
    for piece in [
      "[", "{", "- ", "? ", "a: ", "{a: ", "'", "\"\\", "\n ", "&a ", "*a ", "!", "%", "|", "#\n",
    ] {
      let count = YAMLLimits.bytes / piece.utf8.count
      #expect(complaint(String(repeating: piece, count: count)).hasPrefix("f.yaml:"))
    }
  }

  @Test func unreadableFiles_areReportedInOneLine() throws {
    func complaint(_ path: String) -> String {
      do throws(ScenarioError) {
        return "\(try FileBytes.read(path).count) bytes"
      } catch {
        return error.description
      }
    }
    #expect(
      complaint("/nowhere/x.yaml") == "/nowhere/x.yaml: cannot be read: No such file or directory")
    #expect(complaint("/") == "/: is a folder; a file is expected")
    #expect(
      complaint("/dev/zero") == "/dev/zero: is larger than 1024 KiB, the limit for such a file")
    #expect(complaint("a\nb") == "a␊b: cannot be read: No such file or directory")
  }

  /// Bytes of which many mean something to YAML, so that mutations reach deep into the parser.
  @Test func randomBytes_neverCrash() {
    let seed: UInt64 = 0x5eed_cafe
    var stream = TestStream(seed: seed)
    let alphabet = Array("ab:-?[]{},&*!|>'\"%@`# \n\t~<=01.é\\x".utf8) + [0, 0x1b, 0xff, 0xc3]
    var read = 0
    for _ in 0..<3000 {
      let bytes = (0..<Int(stream.next() % 60)).map { _ in
        alphabet[Int(stream.next() % UInt64(alphabet.count))]
      }
      do throws(ScenarioError) {
        _ = try YAMLParser.parse(bytes, file: "f")
        read += 1
      } catch {
        let line = error.description
        #expect(!line.isEmpty && !line.utf8.contains { $0 < 0x20 }, "seed \(seed): \(bytes)")
      }
    }
    #expect(read > 0, "seed \(seed): some random texts are YAML")
  }
}

/// SplitMix64: random enough for mutations, and the same on every machine.
struct TestStream: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
