import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("What the pieces for Puppet keep for an outage", .serialized)
struct KeptCopyTests {
    private static let keepers: [ClientPiece] = [.enc, .hiera]
    private static let machine: Value = ["certname": "web.example", "vars": ["who": "web.example"]]

    /// A file of settings that has a folder for copies.
    private static func settings(_ scratch: Scratch) throws -> [String: String] {
        let conf = try scratch.write("client.conf", "cache=\(scratch.file("cache"))\n")
        return ["HEADWATER_CONF": conf]
    }

    /// The copies that there are.
    private static func copies(_ scratch: Scratch) throws -> [String] {
        let found = FileManager.default.enumerator(atPath: scratch.file("cache"))?.compactMap { $0 as? String } ?? []
        return try found.filter { $0.hasSuffix(".json") }.map { try scratch.read("cache/\($0)") }
    }

    @Test("a 404 that is not Headwater's own is no answer: the copy serves, and stays", arguments: keepers)
    func strangers(_ piece: ClientPiece) async throws {
        let scratch = try Scratch()
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.machine, query: "?parents=true")
            for view in ["enc", "hiera"] {
                try scratch.write("www/\(view)/web.example", await daemon.api.send("GET", "/\(view)/web.example").text)
            }
        }
        // It passes on what Headwater said, until it is another that does not know of it.
        let server = try Child(
            Repository.tool("python3"),
            ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", scratch.file("www")], [:], Scratch())
        let line = try await server.line(beginning: "Serving HTTP on ")
        let url = try #require(line.split { "(/)".contains($0) }.dropFirst(2).first.map { "http://\($0)" })
        let settings = try Self.settings(scratch)
        let fresh = try await piece.ask(url, settings)
        #expect(fresh.status == 0, "\(fresh.output)\(fresh.errors)")
        try FileManager.default.removeItem(atPath: scratch.file("www"))
        for _ in 0..<2 {
            let kept = try await piece.ask(url, settings)
            #expect(kept.status == 0 && kept.output.contains("web.example"), "\(kept.output)\(kept.errors)")
            #expect(
                kept.errors.contains("answered 404 with a document that is not Headwater's; using the cached copy"),
                "\(kept.errors)")
        }
        await server.end(SIGTERM)
        #expect(try Self.copies(scratch).count == 1)
    }

    @Test("the copy goes with the machine", arguments: keepers)
    func removal(_ piece: ClientPiece) async throws {
        let scratch = try Scratch()
        let daemon = try await Daemon.start(in: Scratch())
        let settings = try Self.settings(scratch).merging(["HEADWATER_TOKEN": daemon.token]) { $1 }
        try await daemon.api.put("/lab/web", "vm", Self.machine, query: "?parents=true")
        #expect(try await piece.ask(daemon.url, settings).status == 0)
        #expect(try Self.copies(scratch).count == 1)
        #expect(try await daemon.api.send("DELETE", "/v1/tree/lab/web").status < 300)
        let gone = try await piece.ask(daemon.url, settings)
        #expect(gone.status != 0 && gone.errors.contains("answered 404: no machine is called"), "\(gone.errors)")
        #expect(try Self.copies(scratch).isEmpty)
        #expect(await daemon.end() == 0)
        let down = try await piece.ask(daemon.url, settings)
        #expect(down.status != 0 && down.errors.contains("; no cached copy"), "\(down.errors)")
    }

    @Test("a copy serves for the server that it came from and for who got it, and for no other", arguments: keepers)
    func owners(_ piece: ClientPiece) async throws {
        let scratch = try Scratch()
        let daemon = try await Daemon.start(in: Scratch())
        let own = try Self.settings(scratch).merging(["HEADWATER_TOKEN": daemon.token]) { $1 }
        try await daemon.api.put("/lab/web", "vm", Self.machine, query: "?parents=true")
        #expect(try await piece.ask(daemon.url, own).status == 0)
        let elsewhere = try await piece.ask("http://127.0.0.1:1", own)
        #expect(elsewhere.status != 0 && elsewhere.errors.contains("; no cached copy"), "\(elsewhere.errors)")
        #expect(await daemon.end() == 0)

        let other = own.merging(["HEADWATER_TOKEN": "hw_other"]) { $1 }
        let stranger = try await piece.ask(daemon.url, other)
        #expect(stranger.status != 0, "\(stranger.output)")
        #expect(
            stranger.errors.contains("; the cached copy was got with another token or certificate"),
            "\(stranger.errors)")
        let kept = try await piece.ask(daemon.url, own)
        #expect(kept.status == 0 && kept.errors.contains("; using the cached copy"), "\(kept.errors)")
        let copies = try Self.copies(scratch)
        #expect(copies.count == 1 && copies.allSatisfy { !$0.contains(daemon.token) }, "\(copies)")
    }

    @Test("no copy hides that the server is not the one that is trusted", arguments: keepers)
    func authority(_ piece: ClientPiece) async throws {
        try await SecureDaemon.run { secure in
            let scratch = try Scratch()
            let token = ["HEADWATER_TOKEN": secure.daemon.token]
            func ask(_ ca: String) async throws -> Outcome {
                let settings = try Self.settings(scratch).merging(["HEADWATER_CA": ca]) { $1 }
                return try await piece.ask(secure.daemon.url, token.merging(settings) { $1 })
            }
            let known = try await ask(secure.authority.file("ca.pem"))
            #expect(known.status == 0, "\(known.output)\(known.errors)")
            let another = try TestAuthority("web.example")
            let text = try scratch.write("text.pem", "no certificate\n")
            for ca in [another.file("ca.pem"), text] {
                let outcome = try await ask(ca)
                #expect(outcome.status != 0, "\(outcome.output)")
                #expect(!outcome.errors.contains("cached copy"), "\(outcome.errors)")
                let reason = ca == text ? text : "/web.example is not trusted: "
                #expect(outcome.errors.contains(reason), "\(outcome.errors)")
                #expect(outcome.errors.contains(piece == .hiera && ca != text ? "the option ca " : "ca"))
            }
        }
    }

    @Test("two levels of Hiera that ask two servers each have a copy of their own")
    func levels() async throws {
        try await Daemon.run { near in
            let far = try await Daemon.start(in: Scratch())
            try await near.api.put("/lab/web", "vm", ["certname": "web.example", "vars": ["who": "near"]])
            try await far.api.put(
                "/lab/web", "vm", ["certname": "web.example", "vars": ["who": "far", "only": "far"]])
            let scratch = try Scratch()
            let token = try scratch.write("token", far.token)
            let puppet = try Puppet(
                near,
                levels: """
                      - name: Far
                        data_hash: headwater::data
                        uri: "\(far.url)/hiera/%{trusted.certname}"
                        options: {token_file: "\(token)", timeout: 4}
                    """)
            #expect(try await puppet.lookup("only", of: "web.example").json == "far")
            #expect(await far.end() == 0)
            let only = try await puppet.lookup("only", of: "web.example")
            #expect(only.status == 0 && (try? only.json) == "far", "\(only.output)\(only.errors)")
            #expect(try await puppet.lookup("who", of: "web.example").json == "near")
        }
    }
}
