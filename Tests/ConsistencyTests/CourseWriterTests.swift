import Testing

@testable import Consistency

/// The keys that completions carry beside the operation, in both formats.
@Suite struct CourseWriterTests {
  private static var record: OperationRecord {
    var record = OperationRecord(
      process: 3, kind: .info, function: .write, key: "a", value: 7, time: 900)
    var course = OperationCourse()
    course.cache = "cache-east"
    course.coordinator = "n2"
    course.needed = 2
    course.asked = [
      .init(
        node: "n1", standsInFor: nil, counts: true, answer: .found, answeredAt: 500, stamp: 12,
        isRepaired: true),
      .init(
        node: "n5", standsInFor: "n3", counts: false, answer: nil, answeredAt: nil, stamp: nil,
        isRepaired: false),
    ]
    course.unlisted = 1
    course.repliedAt = 800
    course.copies = [.init(node: "n1", time: 400)]
    course.hints = 2
    course.repairs = 1
    course.reason = "timeout"
    record.course = course
    return record
  }

  @Test func course_inJSON() {
    #expect(
      HistoryWriter.json(Self.record) == """
        {"process": 3, "type": "info", "f": "write", "key": "a", "value": 7, "time": 900, \
        "cache": "cache-east", "hit": false, "coordinator": "n2", "needed": 2, \
        "asked": [{"node": "n1", "answer": "found", "time": 500, "stamp": 12, "repaired": true}, \
        {"node": "n5", "for": "n3", "counts": false}], "unlisted": 1, "replied": 800, \
        "copies": [{"node": "n1", "time": 400}], "hints": 2, "repairs": 1, "reason": "timeout"}
        """)
  }

  @Test func course_inEDN() {
    #expect(
      HistoryWriter.edn(Self.record) == """
        {:process 3, :type :info, :f :write, :value ["a" 7], :time 900, \
        :cache "cache-east", :hit false, :coordinator "n2", :needed 2, \
        :asked [{:node "n1", :answer "found", :time 500, :stamp 12, :repaired true} \
        {:node "n5", :for "n3", :counts false}], :unlisted 1, :replied 800, \
        :copies [{:node "n1", :time 400}], :hints 2, :repairs 1, :reason "timeout"}
        """)
  }
}
