import Testing

@testable import ClusterSim

@Suite struct SpanTests {
  @Test func parse_isExactInEveryUnit() throws {
    let cases: [(String, Int64)] = [
      ("1ns", 1), ("1.5us", 1500), ("0.000001ms", 1), ("0.1s", 100_000_000),
      ("1.000000001s", 1_000_000_001), ("0.5m", 30_000_000_000), ("2m", 120_000_000_000),
      ("9223372036854775807ns", .max), ("0s", 0), ("007ms", 7_000_000), ("1.50s", 1_500_000_000),
    ]
    for (text, expected) in cases { #expect(try Span.parse(text).get().nanoseconds == expected) }
  }

  @Test func parse_refusesWhatIsNoLengthOfTime() {
    let wrong = [
      "", "ms", "5", "1.5.2s", ".5s", "5.s", "-1s", "+1s", "1 s", "1S", "1h", "1e3s", "0.1ns",
      "1.0000000001s", "9223372036854775808ns", "9999999999999999999s", "9223372036854775807s",
      "153722867.5m99",
    ]
    for text in wrong {
      guard case .failure(let problem) = Span.parse(text) else {
        Issue.record("`\(text)` was read")
        continue
      }
      #expect(problem.problem.contains("`\(text)`") && !problem.expected.isEmpty)
    }
  }

  @Test func description_isExactAndReadBack() throws {
    let cases: [(Int64, String)] = [
      (0, "0s"), (1, "1ns"), (1500, "1.5us"), (2_000_000, "2ms"), (1_000_001, "1.000001ms"),
      (90_000_000_000, "90s"), (.max, "9223372036.854775807s"),
    ]
    for (nanoseconds, text) in cases {
      #expect(Span(nanoseconds: nanoseconds).description == text)
      #expect(try Span.parse(text).get().nanoseconds == nanoseconds)
    }
    #expect(Span(nanoseconds: -1500).description == "-1.5us")
    var stream = RandomStream(seed: 1, purpose: 1)
    for _ in 0..<2000 {
      let span = Span(nanoseconds: Int64(stream.next() >> (1 + stream.next() % 62)))
      #expect(try Span.parse(span.description).get() == span)
    }
  }

  @Test func arithmetic_ofInstantsAndSpans() {
    let start = Instant.zero + .milliseconds(1500)
    #expect(start.seconds == 1.5)
    #expect(start - Instant.zero == .seconds(1.5))
    #expect(start - .microseconds(500_000) == Instant(nanoseconds: 1_000_000_000))
    #expect(Span.milliseconds(3) * 4 == .milliseconds(12))
    #expect(Span.milliseconds(3) < .milliseconds(4))
    #expect(Span.microseconds(250).milliseconds == 0.25)
  }
}
