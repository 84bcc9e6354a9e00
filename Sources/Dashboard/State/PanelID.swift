/// Which panel is meant. Its digit on the screen is `PanelCatalogue`'s business, because a lesson
/// takes one of them.
public enum PanelID: String, CaseIterable, Sendable {
  case ring, nodes, quorum, latency, cache, events, clients, load, topology, path, lesson
}
