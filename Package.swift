// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors for every target, so a warning never reaches main.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// The simulation is optimised in debug builds too, with every check on: the tests run it for hours of
/// virtual time, and unoptimised it is 10 to 28 times slower. `CLUSTERTOP_ONONE=1` turns that off, for
/// a debugger.
let simulation: [SwiftSetting] =
  Context.environment["CLUSTERTOP_ONONE"] == nil
  ? strict
    + [
      .unsafeFlags(
        ["-O", "-assert-config", "Debug"],
        .when(configuration: .debug))
    ] : strict
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "clustertop",
  products: [.executable(name: "clustertop", targets: ["clustertop"])],
  targets: [
    // The terminal and the file formats of others, in C.
    .target(
      name: "CNcurses", cSettings: strictC,
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CDigest", providers: [.apt(["libmd-dev"])]),
    .target(name: "CEmbedded", cSettings: strictC),

    // The simulated cluster: no Foundation, no wall clock, no files.
    .target(name: "Consistency", swiftSettings: simulation),
    .target(
      name: "ClusterSim", dependencies: ["Consistency", "CDigest"], swiftSettings: simulation),
    .target(
      name: "Scenarios", dependencies: ["ClusterSim", "Consistency", "CYAML", "CEmbedded"],
      exclude: ["Library"],
      swiftSettings: strict),

    // The screen.
    // Rounding and roots in the standard library call libm, which only Glibc's module links.
    .target(
      name: "CellUI", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "Dashboard", dependencies: ["CellUI", "ClusterSim", "Scenarios"], swiftSettings: strict),
    .target(
      name: "NcursesTerminal", dependencies: ["CellUI", "CNcurses"], swiftSettings: strict),
    .executableTarget(
      name: "clustertop",
      dependencies: [
        "CellUI", "Dashboard", "NcursesTerminal", "Scenarios", "ClusterSim", "Consistency",
        "CEmbedded",
      ],
      swiftSettings: strict),

    .testTarget(name: "ConsistencyTests", dependencies: ["Consistency"], swiftSettings: strict),
    .testTarget(
      name: "ClusterSimTests", dependencies: ["ClusterSim", "Consistency"], swiftSettings: strict),
    .testTarget(name: "ScenariosTests", dependencies: ["Scenarios"], swiftSettings: strict),
    .testTarget(
      name: "CellUITests", dependencies: ["CellUI", "NcursesTerminal", "CNcurses", "CEmbedded"],
      swiftSettings: strict),
    .testTarget(
      name: "DashboardTests", dependencies: ["Dashboard", "Scenarios"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["CellUI", "Scenarios", "Dashboard"],
      swiftSettings: strict),
  ]
)

// The readers under libFuzzer, which instruments everything they are made of: built only where it
// is asked for, in a folder of its own (see Sources/Fuzz).
if Context.environment["CLUSTERTOP_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["CellUI", "ClusterSim", "Consistency", "Scenarios"],
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
