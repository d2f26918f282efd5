import Foundation
import HTTP
import OrderedCollections
import TLS
import Testing
import Tree

@testable import Service

/// What each route answers to each kind of principal, as `fixtures/access/routes.txt` has it.
///
/// `HEADWATER_RECORD=1` writes the table anew; such a run is red, so that nobody takes it for a test.
@Suite("Routes and principals")
struct MatrixTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../fixtures/access/routes.txt").standardizedFileURL

    /// Who asks; all that is asked for stands at or below `/so`. The reader, the user and the manager are that there, the
    /// neighbour is a manager elsewhere, and who is trusted is a manager everywhere, with all rights.
    private static let principals = [
        "stranger", "nobody", "machine", "other-machine", "neighbour", "reader", "user", "manager", "trusted",
        "compiler", "superuser",
    ]

    @Test("answer each other as the table says, and no route is missing from it")
    func matrix() async throws {
        let requests = MatrixRequest.all
        let routes = ServiceRoute.all.map(\.name)
        try #require(Set(requests.keys) == Set(routes), "each route has a request in MatrixRequest.all, and no other")
        var columns: [[Int]] = []
        for name in Self.principals { columns.append(try await answers(to: name, routes.compactMap { requests[$0] })) }
        let width = routes.map(\.count).max() ?? 0
        var lines = [Self.line("", Self.principals, width)]
        for (row, route) in routes.enumerated() {
            lines.append(Self.line(route, columns.map { String($0[row]) }, width))
        }
        let found = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == "1" {
            try Data(found.utf8).write(to: Self.file)
            Issue.record("recorded \(Self.file.path)")
        } else {
            #expect(try String(contentsOf: Self.file, encoding: .utf8) == found)
        }
    }

    private static func line(_ name: String, _ cells: [String], _ width: Int) -> String {
        let cells = zip(cells, principals).map { String(repeating: " ", count: max(0, $1.count - $0.count)) + $0 }
        return name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + cells.joined(separator: "  ")
    }

    /// The statuses that somebody gets, on a site of his own.
    private func answers(to name: String, _ requests: [MatrixRequest]) async throws -> [Int] {
        var options = Service.Options()
        options.certificates.compilers = ["compiler.lab.example"]
        var statuses: [Int] = []
        try await Site.with(options, tree: MatrixRequest.tree, people: Self.principals) { site in
            try await MatrixRequest.prepare(site)
            func ask(_ site: Site) async throws {
                for request in requests { statuses.append(try await request.reply(of: site).status) }
            }
            switch name {
            case "trusted":
                try await MatrixRequest.trust(name, site)
                try await ask(site.acting(as: name))
            case "superuser": try await ask(site)
            case "stranger": try await ask(site.unknown)
            case "machine": try await site.showing(Certificate(name: "web.so.lab.example"), ask)
            case "other-machine": try await site.showing(Certificate(name: "gpu.ai.lab.example"), ask)
            case "compiler": try await site.showing(Certificate(name: "compiler.lab.example"), ask)
            default: try await ask(site.acting(as: name))
            }
        }
        return statuses
    }
}

extension ServiceRoute {
    /// `GET /enc/{certname}`.
    fileprivate var name: String { "\(method.rawValue) \(pattern)" }
}
