import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Each piece that asks the server", .serialized)
struct ClientPieceTests {
    private static let machine: Value = ["certname": "web.example", "vars": ["who": "web.example"]]

    @Test("says which it is, and of which version", arguments: ClientPiece.allCases)
    func agent(_ piece: ClientPiece) async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.machine, query: "?parents=true")
            let recorder = try Recorder(daemon)
            let outcome = try await piece.ask(recorder.url, ["HEADWATER_TOKEN": daemon.token])
            #expect(outcome.status == 0 && outcome.output.contains("web.example"), "\(outcome.output)\(outcome.errors)")
            let version = try await run(Repository.product("headwater"), ["--version"]).output
            let agents = recorder.text.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("user-agent: ") }
            let expected = "\(piece.agent)/\(version.trimmingCharacters(in: .newlines))"
            #expect(!agents.isEmpty && agents.allSatisfy { $0.hasSuffix(": \(expected)") }, "\(agents)")
        }
    }

    @Test(
        "believes the authorities that HEADWATER_CA names, and says what makes others known",
        arguments: ClientPiece.allCases)
    func authorities(_ piece: ClientPiece) async throws {
        try await SecureDaemon.run { secure in
            let token = ["HEADWATER_TOKEN": secure.daemon.token]
            func ask(_ ca: String?) async throws -> Outcome {
                try await piece.ask(secure.daemon.url, token.merging(ca.map { ["HEADWATER_CA": $0] } ?? [:]) { $1 })
            }
            let known = try await ask(secure.authority.file("ca.pem"))
            #expect(known.status == 0 && known.output.contains("web.example"), "\(known.output)\(known.errors)")
            let unknown = try await ask(nil)
            let hint = piece == .program ? "--cacert" : piece == .hiera ? "the option ca " : "ca= "
            #expect(unknown.status != 0 && unknown.errors.contains(hint), "\(unknown.output)\(unknown.errors)")
            let missing = try await ask("/nowhere/ca.pem")
            #expect(missing.status != 0 && missing.errors.contains("/nowhere/ca.pem"), "\(missing.errors)")
            #expect(!missing.errors.contains("gave no answer"), "\(missing.errors)")
        }
    }

    @Test("says where the token came from if it is refused, and never what it is", arguments: ClientPiece.allCases)
    func refused(_ piece: ClientPiece) async throws {
        try await Daemon.run { daemon in
            let conf = try Scratch()
            let file = try conf.write("client.conf", "token=hw_secret\n")
            let given = try await piece.ask(daemon.url, ["HEADWATER_TOKEN": "hw_secret"])
            #expect(given.status != 0 && given.errors.contains("HEADWATER_TOKEN"), "\(given.errors)")
            let read = try await piece.ask(daemon.url, ["HEADWATER_CONF": file])
            #expect(read.status != 0 && read.errors.contains(file), "\(read.errors)")
            let none = try await piece.ask(daemon.url, ["HEADWATER_CONF": "/dev/null"])
            #expect(none.status != 0, "\(none.output)")
            #expect(none.errors.contains("HEADWATER_TOKEN") || none.errors.contains("token="), "\(none.errors)")
            for outcome in [given, read] {
                #expect(!(outcome.output + outcome.errors).contains("hw_secret"), "\(outcome.errors)")
            }
        }
    }
}
