// Each builder ties a key path to its kind, so that a definition is one line.
extension SettingCatalogue {
  typealias Path<Value> = WritableKeyPath<Settings, Value> & Sendable
  static let anySpan: ClosedRange<Span> = .zero...(.seconds(60))
  static let longSpan: ClosedRange<Span> = .milliseconds(1)...(.seconds(86_400))
  static let timer: ClosedRange<Span> = .milliseconds(1)...(.seconds(600))

  static func integer(
    _ path: String, _ key: Path<Int>, _ range: ClosedRange<Int>, _ meaning: String,
    live: Bool = true
  ) -> SettingDefinition {
    whole(path, key, .integer(range), meaning, live: live)
  }

  static func bytes(
    _ path: String, _ key: Path<Int>, _ range: ClosedRange<Int>, _ meaning: String
  ) -> SettingDefinition {
    whole(path, key, .bytes(range), meaning, live: true)
  }

  static func number(
    _ path: String, _ key: Path<Double>, _ range: ClosedRange<Double>, _ meaning: String
  ) -> SettingDefinition {
    real(path, key, .number(range), meaning)
  }

  static func share(
    _ path: String, _ key: Path<Double>, _ meaning: String
  ) -> SettingDefinition {
    real(path, key, .share, meaning)
  }

  static func span(
    _ path: String, _ key: Path<Span>, _ meaning: String,
    _ range: ClosedRange<Span> = timer
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: .span(range), meaning: meaning, live: true,
      get: { .span($0[keyPath: key]) },
      put: { if case .span(let value) = $1 { $0[keyPath: key] = value } })
  }

  static func flag(
    _ path: String, _ key: Path<Bool>, _ meaning: String, live: Bool = true
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: .flag, meaning: meaning, live: live,
      get: { .flag($0[keyPath: key]) },
      put: { if case .flag(let value) = $1 { $0[keyPath: key] = value } })
  }

  static func distribution(
    _ path: String, _ key: Path<Distribution>, _ meaning: String
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: .distribution, meaning: meaning, live: true,
      get: { .distribution($0[keyPath: key]) },
      put: { if case .distribution(let value) = $1 { $0[keyPath: key] = value } })
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ key: Path<Choice>, _ meaning: String, live: Bool = true
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: .choice(Choice.allCases.map(\.rawValue)), meaning: meaning, live: live,
      get: { .word($0[keyPath: key].rawValue) },
      put: {
        if case .word(let word) = $1, let value = Choice(rawValue: word) {
          $0[keyPath: key] = value
        }
      })
  }

  private static func whole(
    _ path: String, _ key: Path<Int>, _ kind: SettingKind, _ meaning: String, live: Bool
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: kind, meaning: meaning, live: live,
      get: { .integer($0[keyPath: key]) },
      put: { if case .integer(let value) = $1 { $0[keyPath: key] = value } })
  }

  private static func real(
    _ path: String, _ key: Path<Double>, _ kind: SettingKind, _ meaning: String
  ) -> SettingDefinition {
    SettingDefinition(
      path: path, kind: kind, meaning: meaning, live: true,
      get: { .number($0[keyPath: key]) },
      put: { if case .number(let value) = $1 { $0[keyPath: key] = value } })
  }
}
