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

    @Test(
        "refuses a line of client.conf that is wrong, naming file, line and key, and what would be right",
        arguments: ClientPiece.allCases.filter { $0 != .program },
        [
            ("max_age=1h", "max_age is '1h'; expected whole seconds, such as 3600"),
            ("max_age=-5", "max_age is '-5'; expected whole seconds, such as 3600"),
            ("max_age = 3 600", "max_age is '3 600'; expected whole seconds, such as 3600"),
            ("cach=/x", "unknown key 'cach'; known are url, token, ca, cert, key, cache, max_age"),
            ("cache", "expected KEY=VALUE"),
        ])
    func wrongLine(_ piece: ClientPiece, _ wrong: (line: String, reason: String)) async throws {
        let scratch = try Scratch()
        let conf = try scratch.write("client.conf", "# settings\n token = hw_x \n\(wrong.line)\n")
        let outcome = try await piece.ask("http://127.0.0.1:1", ["HEADWATER_CONF": conf])
        #expect(outcome.status != 0, "\(outcome.output)")
        #expect(outcome.errors.contains("\(scratch.file("client.conf")):3: \(wrong.reason)"), "\(outcome.errors)")
    }

    @Test(
        "reads a client.conf with blanks, comments and empty values",
        arguments: ClientPiece.allCases)
    func lines(_ piece: ClientPiece) async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.machine, query: "?parents=true")
            let scratch = try Scratch()
            let conf = try scratch.write(
                "client.conf", "\n  # settings\n\ttoken = \(daemon.token) \r\ncache =\nmax_age= 60\ncert=")
            let outcome = try await piece.ask(daemon.url, ["HEADWATER_CONF": conf])
            #expect(!outcome.errors.contains(scratch.path), "\(outcome.errors)")
            #expect(outcome.status == 0 && outcome.output.contains("web.example"), "\(outcome.output)\(outcome.errors)")
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
            #expect(read.status != 0 && read.errors.contains("token= in \(conf.file("client.conf"))"), "\(read.errors)")
            let none = try await piece.ask(daemon.url, ["HEADWATER_CONF": "/dev/null"])
            #expect(none.status != 0, "\(none.output)")
            #expect(none.errors.contains("HEADWATER_TOKEN") || none.errors.contains("token="), "\(none.errors)")
            for outcome in [given, read] {
                #expect(!(outcome.output + outcome.errors).contains("hw_secret"), "\(outcome.errors)")
            }
        }
    }
}
