import Testing

@testable import CellUI

@Suite struct GridDiffTests {
  @Test func equal_grids_giveNoRuns() {
    let grid = CellGrid(width: 40, height: 10)
    #expect(GridDiff.runs(from: grid, to: grid).isEmpty)
  }

  @Test func otherSize_givesEveryRow() {
    let runs = GridDiff.runs(from: CellGrid(width: 5, height: 2), to: CellGrid(width: 6, height: 2))
    #expect(runs == [.init(y: 0, x: 0..<6), .init(y: 1, x: 0..<6)])
    #expect(GridDiff.runs(from: nil, to: CellGrid(width: 0, height: 3)).isEmpty)
  }

  @Test func near_changes_areJoinedAndFarOnesAreNot() {
    let old = CellGrid(width: 40, height: 2)
    var new = old
    for x in [3, 5, 20] { new[x, 1] = Cell("x", .text) }
    #expect(GridDiff.runs(from: old, to: new) == [.init(y: 1, x: 3..<6), .init(y: 1, x: 20..<21)])
  }

  @Test func style_change_isAChange() {
    let old = CellGrid(width: 4, height: 1)
    var new = old
    new[2, 0] = Cell(" ", Style(.text, .selected))
    #expect(GridDiff.runs(from: old, to: new) == [.init(y: 0, x: 2..<3)])
  }

  @Test func random_replayedRuns_makeTheNextGrid() {
    for seed in 0..<300 {
      var random = Seeded(UInt64(seed) + 1000)
      let width = Int.random(in: 1...50, using: &random)
      let height = Int.random(in: 1...6, using: &random)
      var canvas = Canvas(width: width, height: height)
      func scribble(_ canvas: inout Canvas, _ times: Int) {
        for _ in 0..<times {
          canvas.put(
            .random(in: 0..<width, using: &random), .random(in: 0..<height, using: &random),
            random.scalar(), random.style())
        }
      }
      scribble(&canvas, 80)
      let old = canvas.grid
      scribble(&canvas, .random(in: 0...20, using: &random))
      let new = canvas.grid
      var replayed = old
      let runs = GridDiff.runs(from: old, to: new)
      for run in runs {
        for x in run.x { replayed[x, run.y] = new[x, run.y] }
        // A run that began or ended inside a wide character could not be sent.
        #expect(!new[run.x.lowerBound, run.y].isFiller, "seed \(seed)")
        if run.x.upperBound < width {
          #expect(!new[run.x.upperBound, run.y].isFiller, "seed \(seed)")
          #expect(!old[run.x.upperBound, run.y].isFiller, "seed \(seed)")
        }
      }
      #expect(replayed == new, "seed \(seed)")
      #expect(runs.isEmpty == (old == new))
      for (one, two) in zip(runs, runs.dropFirst()) {
        #expect(one.y < two.y || one.x.upperBound + 4 <= two.x.lowerBound, "seed \(seed)")
      }
    }
  }
}
