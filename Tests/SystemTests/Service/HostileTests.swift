import Foundation
import TestSupport
import Testing
import Tree

@Suite("Clients that mean harm", .serialized)
struct HostileTests {
    @Test("nothing that a client sends begins a line of the log, or hides one, at any level")
    func log() async throws {
        let scratch = try Scratch()
        let config = try scratch.write("headwaterd.yaml", LibvirtProxy.settings)
        try await Daemon.run(in: scratch, arguments: ["--log", "trace", "--config", config]) { daemon in
            // What the log can be made to tell: a hypervisor that does not answer, by the address that was written.
            let uri = "qemu+unix:///system?socket=/nowhere%0A2026-01-01T00:00:00Z%20notice%20forged"
            for (name, uri) in [
                ("plain", uri),
                // What holds a reference is judged when it is opened.
                ("odd", "${{ vars.x }}/nowhere\n2026-01-01T00:00:00Z notice forged\u{1b}[2K\u{202e}\u{2028}"),
            ] {
                try await daemon.api.put(
                    "/\(name)", "folder",
                    [
                        "hypervisors": ["h": ["driver": "libvirt", "uri": .string(uri)]], "hypervisor": "h",
                        "vars": ["x": "y"],
                    ])
                try await daemon.api.put("/\(name)/web", "vm")
                _ = try await daemon.api.send("GET", "/v1/unmanaged?hypervisor=h")
            }
            for target in ["/v1/tree/a%0D%0Aforged", "/enc/a%0Aforged%1B%5B2K", "/v1/x?message=a%0Aforged"] {
                _ = try await daemon.api.send("GET", target, headers: ["X-Odd": "a\u{1b}[2Kforged\u{7}"])
                let user = Data("a\nforged\u{1b}[2K:secret".utf8).base64EncodedString()
                _ = try await API(url: daemon.url).send("GET", target, headers: ["Authorization": "Basic \(user)"])
            }
            try await eventually("the log tells of both") {
                let log = try daemon.log
                return log.contains("'/nowhere") && log.contains("\\u{1B}[2K\\u{202E}")
            }
            let log = try daemon.log
            for line in log.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                #expect(line.prefixMatch(of: #/[0-9-]{10}T[0-9:]{8}Z [a-z]+ /#) != nil, "\(line.debugDescription)")
                #expect(!line.contains("Z notice forged") || line.contains("/nowhere"), "\(line)")
            }
            let odd = log.unicodeScalars.filter { scalar in
                scalar != "\n" && [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
            }
            #expect(odd.isEmpty, "\(odd)")
        }
    }

    @Test("whom nobody knows is answered before his body is read, however large he says it is")
    func unknown() async throws {
        try await Daemon.run { daemon in
            for framing in ["Content-Length: 16000000", "Transfer-Encoding: chunked", "Content-Length: 99999999999999"]
            {
                let connection = try RawConnection(daemon.url)
                connection.send("PUT /v1/tree/x HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
                let answer = try #require(await connection.readTextToEnd(), "\(framing): the body is waited for")
                #expect(answer.hasPrefix("HTTP/1.1 401 "), "\(framing): \(answer)")
                #expect(answer.contains("Connection: close\r\n"), "\(framing)")
            }
        }
    }

    @Test("a request that hides in another one is never answered, and never done")
    func smuggling() async throws {
        try await Daemon.run { daemon in
            let hidden = "DELETE /v1/tree/web HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.token)\r\n\r\n"
            let framings = [
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                "Content-Length: 0\r\nContent-Length: \(hidden.utf8.count)",
                "Content-Length:\r\n \(hidden.utf8.count)", "Transfer-Encoding:\r\n\tchunked",
                "Content-Length\u{b}: \(hidden.utf8.count)", "Transfer-Encoding: chunked, identity",
            ]
            try await daemon.api.put("/web")
            for framing in framings {
                for (method, target) in [("GET", "/v1/whoami"), ("GET", "/healthz"), ("POST", "/v1/plan")] {
                    let connection = try RawConnection(daemon.url)
                    connection.send(
                        "\(method) \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.token)\r\n\(framing)\r\n\r\n\(hidden)"
                    )
                    let answer = try #require(await connection.readTextToEnd(), "\(framing)")
                    #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2, "\(framing): \(answer)")
                    #expect(answer.contains(#/^HTTP/1\.1 (400|501) /#), "\(framing): \(answer)")
                }
            }
            #expect(try await daemon.api.send("GET", "/v1/tree/web").status == 200)
        }
    }

    @Test("a client that writes all of its body before it reads sees why it was refused, over TLS as well")
    func writesFirst() async throws {
        // Python's client does so, as those do that build on it.
        let program = """
            import http.client, ssl, sys
            url, token = sys.argv[1:]
            scheme, _, address = url.partition("://")
            for status, headers in [
                (401, {}), (413, {"Authorization": "Bearer " + token}),
                (415, {"Authorization": "Bearer " + token, "Content-Encoding": "gzip"}),
            ]:
                if scheme == "https":
                    client = http.client.HTTPSConnection(address, context=ssl._create_unverified_context(), timeout=60)
                else:
                    client = http.client.HTTPConnection(address, timeout=60)
                client.request("PUT", "/v1/tree/x", body=b"x" * (20 << 20), headers=headers)
                answer = client.getresponse()
                print(status, answer.status, answer.getheader("content-type"), len(answer.read()) > 0)
            """
        let expected = [401, 413, 415].map { "\($0) \($0) application/problem+json True\n" }.joined()
        func check(_ daemon: Daemon) async throws {
            let outcome = try await run(Repository.tool("python3"), ["-c", program, daemon.url, daemon.token])
            #expect(outcome.output == expected, "\(daemon.url): \(outcome.errors)")
        }
        try await Daemon.run { try await check($0) }
        try await SecureDaemon.run { try await check($0.daemon) }
    }

    @Test("no answer, good or bad, names a version, a file, a host or a line of code")
    func silence() async throws {
        try await Daemon.run { daemon in
            var answers: [(String, String)] = []
            for request in BadRequest.all {
                let answer = try await daemon.api.send(
                    request.method, request.path, request.body.map { Array($0.utf8) }, type: request.type)
                answers.append((request.title, "\(answer.headers)\n\(answer.text)"))
            }
            for bytes in [
                "GET /healthz HTTP/1.1\r\n\r\n", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "X\r\n\r\n",
                "GET /\(String(repeating: "x", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            ] {
                let connection = try RawConnection(daemon.url)
                connection.send(bytes)
                connection.finishSending()
                answers.append((String(bytes.prefix(30)), try await connection.readTextToEnd() ?? ""))
            }
            let words = [
                "microhttpd", "swift", "sqlite", "gnutls", daemon.scratch.path, ProcessInfo.processInfo.hostName + "/",
                "Sources/", ".swift", "Server:", "X-Powered-By",
            ]
            for (title, text) in answers {
                for word in words { #expect(!text.lowercased().contains(word.lowercased()), "\(title): \(text)") }
            }
        }
    }
}
