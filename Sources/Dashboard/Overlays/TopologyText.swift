import CellUI
import ClusterSim

/// The installed topology in full: what each direction between two locations does to messages.
enum TopologyText {
  static func lines(_ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    let names = simulation.locationNames
    for (index, name) in names.enumerated() {
      let nodes = scene.nodes.filter { $0.location == index && $0.state != .left }
      writer.heading(name)
      let answered = simulation.metrics.recent[index].availability.newest
      writer.pair("clients", "\(Figure.percent(answered))% answered in the last half second")
      var zones: [Int?] = []
      for node in nodes where !zones.contains(node.zone) { zones.append(node.zone) }
      for zone in zones {
        let here = nodes.filter { $0.zone == zone }.map { node -> String in
          let word = Words.truth(node, .ascii).word
          return word == "up" ? node.name : "\(node.name) (\(word))"
        }
        writer.pair(
          zone.map { "zone \(simulation.zoneNames[$0])" } ?? "nodes", here.joined(separator: " "))
      }
      for other in names.indices {
        let view = simulation.links(from: index, to: other)
        let (text, style) = TopologyLinks.words(view)
        guard view.pairs > 0 else { continue }
        writer.pair(other == index ? "inside" : "to \(names[other])", text, style)
      }
    }
    writer.add("")
    writer.add(
      "Latency is one way, without queues: the base and the mean of the jitter. Cuts are those that "
        + "are installed, each direction by itself; partition, lossy and delay install them, heal "
        + "removes them.", .dim)
  }
}
