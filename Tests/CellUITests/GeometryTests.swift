import Testing

@testable import CellUI

@Suite struct GeometryTests {
  @Test func splits_areHeldWithinTheRectangle() {
    let rect = Rect(x: 1, y: 2, width: 10, height: 4)
    #expect(rect.splitTop(1).top == Rect(x: 1, y: 2, width: 10, height: 1))
    #expect(rect.splitTop(9).rest.isEmpty)
    #expect(rect.splitBottom(1).bottom == Rect(x: 1, y: 5, width: 10, height: 1))
    #expect(rect.splitLeft(3).rest == Rect(x: 4, y: 2, width: 7, height: 4))
    #expect(rect.splitRight(3).right == Rect(x: 8, y: 2, width: 3, height: 4))
    #expect(rect.splitRight(-3).right.isEmpty)
  }

  @Test func columns_shareTheWidthWithoutGaps() {
    let rect = Rect(x: 0, y: 0, width: 101, height: 5)
    for weights in [[1, 1], [2, 3, 5], [0, 0, 0], [1], [7, 0, 1]] {
      let parts = rect.columns(weights)
      #expect(parts.count == weights.count)
      #expect(parts.first!.x == 0 && parts.last!.maxX == 101)
      for (one, two) in zip(parts, parts.dropFirst()) { #expect(one.maxX == two.x) }
    }
    #expect(rect.columns([1, 3]).map(\.width) == [25, 76])
    #expect(Rect(x: 0, y: 3, width: 2, height: 9).rows([1, 2]).map(\.height) == [3, 6])
  }

  @Test func inset_tooMuch_isEmptyAndNeverNegative() {
    let rect = Rect(x: 0, y: 0, width: 3, height: 3).inset(2)
    #expect(rect.isEmpty && rect.width == 0 && rect.height == 0)
    #expect(
      Rect(x: 0, y: 0, width: 9, height: 5).centered(width: 3, height: 30)
        == Rect(x: 3, y: 0, width: 3, height: 5))
    let apart = Rect(x: 0, y: 0, width: 3, height: 3).intersection(
      Rect(x: 5, y: 5, width: 1, height: 1))
    #expect(apart.isEmpty)
  }
}
