/// What is known of one key while its history is being made.
///
/// Between operations a register rests: it has one possible value, and an operation that overlaps no
/// other needs no search. Only where operations overlap does a `LiveWindow` search for an order.
struct LiveRegister: Sendable {
  enum Standing: UInt8, Sendable {
    case explained
    case violated
    /// A bound was met before an answer was found.
    case unknown
  }

  /// The value at rest; means nothing while a window is open.
  var value: ValueTable.ID = ValueTable.none
  /// The window in which operations overlap or several values are possible; -1 for none.
  var window: Int32 = -1
  /// The place among the open operations of the one that overlaps no other; -1 for none.
  var lone: Int32 = -1
  var standing = Standing.explained
  /// Its place among the keys in the order of their first operations, from 1; 0 before that.
  var order: Int32 = 0
  var operations: Int32 = 0
  /// A read of it found several values side by side.
  var hasSiblings = false
  /// Nothing is known against it, and yet it is no `yes`.
  var isLeftOpen: Bool { hasSiblings && standing == .explained }
  /// It waits for its turn to be searched.
  var isQueued = false
  /// When `standing` changed, ns.
  var since: Int64 = 0
}
