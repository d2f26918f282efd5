// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every module of the package.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let persistent = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of Headwater.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program of Headwater.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a module, or of the programs together.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

/// A C library of the system, found through pkg-config.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
    name: "headwater",
    products: [
        .executable(name: "headwaterd", targets: ["headwaterd"]),
        .executable(name: "headwater", targets: ["headwater"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // Pure: no Foundation, no IO.
        module("Tree", [collections]),
        module("Cascade", ["Tree", collections]),
        module("Access", ["Tree", collections, persistent]),
        module("Lifecycle", ["Tree", collections]),
        module("Views", ["Tree", "Cascade", collections]),

        // The edges.
        module("Formats", ["Tree", "CJansson", yams, collections]),
        module("Secrets", ["CSodium"]),
        module("Sessions", ["Secrets"]),
        module("Store", ["Tree", "Formats", "Secrets", grdb, sqlite, collections]),
        module("XML", ["CLibXML", collections]),
        module("Hypervisor", ["Tree", "Lifecycle", "XML", "CLibvirt", log, collections]),
        module("TLS", ["CGnuTLS"]),
        module("HTTP", ["CMicroHTTPD", "TLS", log]),

        // Where the halves meet, and the programs.
        module(
            "Service",
            [
                "Tree", "Cascade", "Access", "Lifecycle", "Views", "Formats", "Store", "Hypervisor", "HTTP", "TLS",
                "Secrets", "Sessions", "CMalloc",
                log, collections, deques, persistent,
            ]),
        program(
            "headwaterd",
            [
                "Service", "Sessions", "HTTP", "TLS", "Store", "Hypervisor", "Lifecycle", "Formats", "Tree", log,
                arguments, collections,
            ]),
        program("headwater", ["Tree", "Formats", "CCurl", arguments, collections]),

        system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        system("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        system("CGnuTLS", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
        system("CLibXML", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        system("CLibvirt", pkgConfig: "libvirt", apt: "libvirt-dev"),
        system("CJansson", pkgConfig: "jansson", apt: "libjansson-dev"),
        system("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev"),
        .systemLibrary(name: "CMalloc"),

        .target(name: "TestSupport", dependencies: ["Lifecycle"], path: "Tests/Support", swiftSettings: strict),
        tests("Tree", ["Tree", collections]),
        tests("Cascade", ["Cascade", "Tree", "Formats", collections]),
        tests("Access", ["Access", "Tree", collections]),
        tests("Lifecycle", ["Lifecycle", "Tree", collections]),
        tests("Views", ["Views", "Cascade", "Tree", "Formats", collections]),
        tests("Formats", ["Formats", "Tree", collections]),
        tests("Store", ["Store", "Tree", "Formats", collections, grdb]),
        tests("Secrets", ["Secrets"]),
        tests("Sessions", ["Sessions", "Secrets", "CSodium"]),
        tests("XML", ["XML", collections]),
        tests("Hypervisor", ["Hypervisor", "Lifecycle", "Tree"]),
        tests("TLS", ["TLS"]),
        tests("HTTP", ["HTTP", log]),
        tests(
            "Service",
            [
                "Service", "HTTP", "Store", "Hypervisor", "Lifecycle", "Views", "Cascade", "Formats", "Tree", "Secrets",
                "Sessions", "TLS", "Access", log, collections,
            ]),
        tests("Client", ["headwater", "Formats", "Tree", collections]),
        tests("System", ["Tree", "Formats", "Store", "Secrets", "CGnuTLS", collections]),
    ],
    swiftLanguageModes: [.v6]
)
