import CellUI
import ClusterSim
import Scenarios

// What formulas predict beside what was measured: a line each.
extension OverlayView {
  static func drawPredictions(_ scene: Scene, _ row: Int, _ box: inout Canvas) {
    let rows = scene.predictions
    let wide = box.width > 100
    let glyphs = box.glyphs
    table(
      ["figure", "measured", "predicted", "difference", "assumptions"],
      [wide ? 32 : 27, 11, 11, 11, 16], rows.count, row, &box
    ) { index, column in
      let prediction = rows[index]
      switch column {
      case 0: return .text(prediction.title, .text)
      case 1: return .text(prediction.unit.text(prediction.measured), Style(.title, .bold))
      case 2: return .text(prediction.unit.text(prediction.predicted), Style(.accent))
      case 3: return .text(prediction.unit.text(prediction.difference), .text)
      default:
        let standing = PredictionText.standing(prediction, glyphs)
        return .text(standing.text, standing.style)
      }
    }
  }
}
