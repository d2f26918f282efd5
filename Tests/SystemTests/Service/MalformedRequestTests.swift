import Foundation
import Testing

@Suite("What is no request")
struct MalformedRequestTests {
    /// A request that must be neither answered nor done: what came before it has no certain end.
    private static let hidden = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"

    /// What comes back for some bytes and a sound request behind them, sent in one piece or byte by byte.
    private static func answer(to text: String, on line: any RawLine, isWhole: Bool) async throws -> String? {
        try await blocking {
            let bytes = Array((text + hidden).utf8)
            if isWhole {
                line.send(bytes)
            } else {
                // Long fillings are sent in one piece even so.
                for piece in bytes.count > 1_000 ? [bytes[...]] : bytes.indices.map({ bytes[$0...$0] }) {
                    guard line.send(Array(piece)) else { break }
                    usleep(50)
                }
            }
            return line.readToEnd().map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func check(_ requests: [MalformedRequest], _ daemon: Daemon, authorization: String) async throws {
        let isSecure = daemon.url.hasPrefix("https:")
        for request in requests {
            let text = request.text.replacing("{auth}", with: authorization)
            for isWhole in [true, false] {
                let line: any RawLine = isSecure ? try RawSecureConnection(daemon.url) : try RawConnection(daemon.url)
                let name =
                    "\(request.rule), \(authorization.isEmpty ? "a stranger" : "somebody"), \(isWhole ? "whole" : "in bytes")"
                let answer = try #require(
                    await answer(to: text, on: line, isWhole: isWhole), "\(name): the connection stays open")
                guard let status = request.status else {
                    #expect(answer.isEmpty, "\(name): \(answer)")
                    continue
                }
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(answer)")
                #expect(answer.matches(of: #/HTTP\/1\.1 [0-9]{3} /#).count == 1, "\(name): \(answer)")
                #expect(answer.contains("\r\nConnection: close\r\n"), "\(name): \(answer)")
                #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"), "\(name): \(answer)")
                #expect(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"), "\(name): \(answer)")
                let parts = answer.components(separatedBy: "\r\n\r\n")
                #expect(answer.contains("\r\nContent-Length: \(parts.last?.utf8.count ?? 0)\r\n"), "\(name): \(answer)")
                #expect(!answer.lowercased().contains("microhttpd"), "\(name): \(answer)")
            }
        }
    }

    private static func checkAll(_ daemon: Daemon) async throws {
        let authorization = "Authorization: Bearer \(daemon.token)\r\n"
        let doubled = MalformedRequest.all.filter { !$0.text.contains("Authorization:") }
        try await check(MalformedRequest.all, daemon, authorization: "")
        try await check(doubled + MalformedRequest.chunks, daemon, authorization: authorization)
    }

    @Test("is answered with one problem and the end of its connection, by whomever and however it is sent")
    func plain() async throws {
        try await Daemon.run { daemon in
            try await Self.checkAll(daemon)
            #expect(try await daemon.api.send("GET", "/v1/tree/x").status == 404)
        }
    }

    @Test("is answered over TLS as it is in plain text")
    func secure() async throws {
        try await SecureDaemon.run { secure in
            try await Self.checkAll(secure.daemon)
            #expect(try await secure.curl("/v1/tree/x", token: secure.daemon.token).status == 404)
        }
    }

    @Test("may be close to one: what RFC 9112 allows is answered")
    func sound() async throws {
        try await Daemon.run { daemon in
            for text in [
                "\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.0\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nhOsT:x\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost:\t x \t\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: [::1]:8470\r\nX-A:\r\nConnection: close\r\n\r\n",
                "GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET HTTP://x:1/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: \u{fc}\u{df}\r\nConnection: close\r\n\r\n",
                "GET /healthz? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /%68ealthz HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=\"d\"\r\nConnection: close\r\n\r\n",
                "GET /healthz HTTP/1.9\r\nHost: x\r\nConnection: close\r\n\r\n",
            ] {
                for isWhole in [true, false] {
                    let connection = try RawConnection(daemon.url)
                    let answer = try await blocking {
                        for piece in isWhole ? [Array(text.utf8)] : text.utf8.map({ [$0] }) {
                            connection.send(piece)
                            if !isWhole { usleep(50) }
                        }
                        connection.finishSending()
                        return connection.readToEnd().map { String(decoding: $0, as: UTF8.self) }
                    }
                    #expect(answer?.hasPrefix("HTTP/1.1 200 ") == true, "\(text.debugDescription): \(answer ?? "open")")
                }
            }
        }
    }
}
