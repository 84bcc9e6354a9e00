/// Values over time as lines of dots, the newest at the right edge.
public struct LineChart {
  public enum Scale: Sendable { case linear, logarithmic }

  public struct Series: Sendable {
    /// Oldest first; a value that is no number interrupts the line.
    public var values: [Double]
    public var style: Style
    /// Fills down to the axis, in heat colours if `heat`.
    public var filled: Bool
    public var heat: Bool

    public init(_ values: [Double], _ style: Style, filled: Bool = false, heat: Bool = false) {
      self.values = values
      self.style = style
      self.filled = filled
      self.heat = heat
    }
  }

  /// A vertical line where something happened.
  public struct Mark: Sendable {
    /// Age in samples: 0 is the newest. Fractions are allowed.
    public var age: Double
    /// A few letters at the top of the line.
    public var label: String
    public var style: Style

    public init(age: Double, label: String = "", style: Style = Style(.you)) {
      self.age = age
      self.label = label
      self.style = style
    }
  }

  /// Later series are drawn over earlier ones.
  public var series: [Series]
  public var scale: Scale
  /// Bottom and top; nil fits them to what is shown.
  public var range: ClosedRange<Double>?
  /// How many samples span the width; nil as many as the longest series has.
  public var window: Int?
  public var marks: [Mark]
  /// Labels under the left end, the middle and the right end; no row is spent if all are empty.
  public var timeLabels: (left: String, middle: String, right: String)
  public var showsValues: Bool

  public init(
    series: [Series], scale: Scale = .linear, range: ClosedRange<Double>? = nil, window: Int? = nil,
    marks: [Mark] = [], timeLabels: (left: String, middle: String, right: String) = ("", "", ""),
    showsValues: Bool = true
  ) {
    self.series = series
    self.scale = scale
    self.range = range
    self.window = window
    self.marks = marks
    self.timeLabels = timeLabels
    self.showsValues = showsValues
  }

  /// Fills the canvas.
  public func draw(_ canvas: inout Canvas) {
    let labelled = timeLabels != ("", "", "") && canvas.height >= 3
    let plotHeight = canvas.height - (labelled ? 1 : 0)
    let axis = Axis(scale: scale, fitting: range ?? shownRange(), given: range != nil)
    let ticks = showsValues ? axis.ticks(rows: plotHeight) : []
    let widest = ticks.reduce(0) { max($0, $1.label.columns) }
    let left = ticks.isEmpty || canvas.width < widest + 6 ? 0 : widest + 1
    let plot = Rect(x: left, y: 0, width: canvas.width - left, height: plotHeight)
    guard !plot.isEmpty else { return }
    if left > 0 {
      canvas.vline(left - 1, 0, plotHeight)
      for tick in ticks {
        canvas.textRight(left - 1, tick.row, tick.label, Style(.dim))
        canvas.put(left - 1, tick.row, canvas.glyphs.teeLeft, Style(.rule))
      }
    }
    canvas.inside(plot) { drawPlot(&$0, axis) }
    if labelled { drawTimes(&canvas, left) }
  }

  private func drawTimes(_ canvas: inout Canvas, _ left: Int) {
    canvas.inside(Rect(x: left, y: canvas.height - 1, width: canvas.width - left, height: 1)) {
      let ends = timeLabels.left.columns + timeLabels.right.columns
      $0.text(0, 0, timeLabels.left, Style(.dim))
      if ends + timeLabels.middle.columns + 4 <= $0.width {
        $0.textCentered(0, timeLabels.middle, Style(.dim))
      }
      if ends < $0.width { $0.textRight($0.width, 0, timeLabels.right, Style(.dim)) }
    }
  }

  private var samples: Int { max(2, window ?? series.reduce(0) { max($0, $1.values.count) }) }

  /// Smallest and largest number in the window.
  private func shownRange() -> ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for line in series {
      for value in line.values.suffix(samples) where value.isFinite {
        if scale == .logarithmic && value <= 0 { continue }
        low = min(low, value)
        high = max(high, value)
      }
    }
    return low <= high ? low...high : 0...1
  }

  private func drawPlot(_ canvas: inout Canvas, _ axis: Axis) {
    var dots = DotCanvas(columns: canvas.width, rows: canvas.height)
    for line in series { plot(line, &dots, axis) }
    for mark in marks {
      let x = column(age: mark.age, dots.width) >> 1
      guard x >= 0, x < canvas.width else { continue }
      for y in 0..<canvas.height { canvas.put(x, y, canvas.glyphs.faultLine, mark.style) }
    }
    dots.draw(&canvas)
    // Labels come last: they are short and must be read.
    for mark in marks where !mark.label.isEmpty {
      let x = column(age: mark.age, dots.width) >> 1
      guard x >= 0, x < canvas.width else { continue }
      canvas.text(min(x, max(0, canvas.width - mark.label.columns)), 0, mark.label, mark.style)
    }
  }

  /// The dot column of a sample `age` samples before the newest.
  private func column(age: Double, _ width: Int) -> Int {
    PlainMath.cell(Double(width - 1) * (1 - age / Double(samples - 1)))
  }

  private func plot(_ line: Series, _ dots: inout DotCanvas, _ axis: Axis) {
    var previous: Point?
    let shown = line.values.suffix(samples)
    for (index, value) in shown.enumerated() {
      guard value.isFinite else {
        previous = nil
        continue
      }
      let x = column(age: Double(shown.count - 1 - index), dots.width)
      let y = PlainMath.cell(Double(dots.height - 1) * (1 - axis.share(value)))
      let from = previous ?? Point(x, y)
      if line.filled { fill(line, &dots, from, Point(x, y)) }
      dots.line(from.x, from.y, x, y, style(line, y, dots.height))
      previous = Point(x, y)
    }
  }

  private func fill(_ line: Series, _ dots: inout DotCanvas, _ from: Point, _ to: Point) {
    for x in from.x...max(from.x, to.x) {
      let share = to.x == from.x ? 1 : Double(x - from.x) / Double(to.x - from.x)
      let top = PlainMath.cell(Double(from.y) + Double(to.y - from.y) * share)
      for y in max(0, top)..<max(0, top, dots.height) {
        dots.set(x, y, style(line, y, dots.height))
      }
    }
  }

  private func style(_ line: Series, _ y: Int, _ height: Int) -> Style {
    guard line.heat else { return line.style }
    return Style(.heat(1 - Double(y) / Double(max(1, height - 1))), line.style.attributes)
  }
}
