import Foundation
import Glibc
import Testing
import Tree

@Suite("Connections that misbehave", .serialized)
struct BadConnectionTests {
    /// A daemon that gives up on idle connections after a second.
    private static func run(_ body: (Daemon) async throws -> Void) async throws {
        let scratch = try Scratch()
        let config = try scratch.write("headwaterd.yaml", "limits: {idle: 1}\n")
        try await Daemon.run(arguments: ["--config", config], body)
    }

    @Test("a request that never ends is closed after the idle time, and others are answered meanwhile")
    func slow() async throws {
        try await Self.run { daemon in
            let pieces = [
                "GET /v1/wh", "GET /v1/whoami HTTP/1.1\r\nHost: x\r\n",
                "PUT /v1/tree/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.token)\r\nContent-Length: 100\r\n\r\n{",
            ]
            let connections = try pieces.map { piece in
                let connection = try RawConnection(daemon.url)
                #expect(connection.send(piece))
                return connection
            }
            #expect(try await daemon.api.get("/v1/whoami")["principal"] == "admin")
            for (piece, connection) in zip(pieces, connections) {
                let answer = try await #require(connection.readTextToEnd(), "still open after: \(piece)")
                #expect(!answer.contains("200 OK"))
            }
            #expect(try await daemon.api.send("GET", "/v1/tree/x").status == 404)
        }
    }

    @Test("a client that sends a byte at a time gets its answer")
    func trickle() async throws {
        try await Daemon.run { daemon in
            let connection = try RawConnection(daemon.url)
            for character in "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" {
                #expect(connection.send(String(character)))
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await connection.readTextToEnd()?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
        }
    }

    @Test("a half-closed connection is answered if its request is whole, and ended if it is not")
    func halfClosed() async throws {
        try await Self.run { daemon in
            let whole = try RawConnection(daemon.url)
            whole.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            whole.finishSending()
            #expect(try await whole.readTextToEnd()?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
            let part = try RawConnection(daemon.url)
            part.send(
                "PUT /v1/tree/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.token)\r\nContent-Length: 9\r\n\r\n{"
            )
            part.finishSending()
            let answer = try await #require(part.readTextToEnd())
            #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(answer)")
        }
    }

    @Test("what is no HTTP is refused")
    func garbage() async throws {
        try await Self.run { daemon in
            for text in [
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", "HELLO\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n",
                "\r\n\r\n\r\n\r\n",
            ] {
                let connection = try RawConnection(daemon.url)
                connection.send(text)
                connection.finishSending()
                let answer = try await #require(connection.readTextToEnd(), "\(text.debugDescription)")
                #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(text.debugDescription): \(answer)")
            }
            #expect(try await daemon.api.get("/v1/whoami")["principal"] == "admin")
        }
    }

    @Test("400 idle connections keep nobody from an answer, and go after the idle time")
    func idle() async throws {
        try await Self.run { daemon in
            let connections = try (0..<400).map { _ in try RawConnection(daemon.url) }
            #expect(try await daemon.api.get("/v1/whoami")["principal"] == "admin")
            for (index, connection) in connections.enumerated() {
                #expect(try await connection.readTextToEnd() == "", "connection \(index)")
            }
            #expect(try await daemon.api.get("/v1/whoami")["principal"] == "admin")
        }
    }
}
