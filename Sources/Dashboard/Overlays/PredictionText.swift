import CellUI
import ClusterSim
import Scenarios

/// One prediction in full: what went in, the formula, where it comes from, and what it assumes.
enum PredictionText {
  private static func find(_ name: String, _ scene: Scene) -> Prediction? {
    let rows =
      scene.predictions.isEmpty ? PredictionCatalogue.all(scene.simulation) : scene.predictions
    return rows.first { $0.name == name }
  }

  static func title(_ name: String, _ scene: Scene) -> String {
    find(name, scene)?.title ?? "Prediction"
  }

  /// Whether the formula may be trusted, as glyph and word.
  static func standing(_ prediction: Prediction, _ glyphs: Glyphs) -> (text: String, style: Style) {
    if prediction.predicted == nil { return ("no prediction here", .dim) }
    guard let first = prediction.broken.first else {
      return ("\(glyphs.ok) hold", Style(.alive))
    }
    let more = prediction.broken.count - 1
    return ("! not: \(first)" + (more > 0 ? " (+\(more))" : ""), Style(.warning))
  }

  static func lines(_ name: String, _ scene: Scene, _ writer: inout LineWriter) {
    guard let prediction = find(name, scene) else {
      writer.add("Nothing is predicted here any more.")
      return
    }
    let unit = prediction.unit
    writer.pair("measured", unit.text(prediction.measured))
    writer.pair("predicted", unit.text(prediction.predicted))
    writer.pair("difference", unit.text(prediction.difference))
    for input in prediction.inputs { writer.add(input, .dim) }
    writer.heading("Formula and source")
    writer.add(prediction.formula, .text)
    writer.add(prediction.source, .dim)
    writer.heading("Assumptions")
    for assumption in prediction.assumptions {
      writer.add(
        (assumption.holds ? "holds: " : "! does not hold: ") + assumption.text,
        assumption.holds ? .text : Style(.warning), hanging: 2)
    }
    writer.heading("Why the measurement may differ")
    writer.add(prediction.caveat, .text)
  }
}
