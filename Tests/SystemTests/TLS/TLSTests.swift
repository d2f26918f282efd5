import Foundation
import Glibc
import TestSupport
import Testing
import Tree

@Suite("TLS, by curl and openssl", .serialized)
struct TLSTests {
    @Test("the service answers over TLS 1.2 and 1.3, and over nothing older")
    func versions() async throws {
        try await SecureDaemon.run { secure in
            #expect(secure.daemon.url.hasPrefix("https://127.0.0.1:"))
            let answer = try await secure.curl("/v1/whoami", token: secure.daemon.token)
            #expect(answer.status == 200)
            #expect(answer.body.contains("\"principal\":\"admin\""))
            #expect(try await secure.curl("/v1/whoami").status == 401)
            for (version, isSpoken) in [("-tls1", false), ("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
                let talk = try SecureConversation(secure, more: [version, "-cipher", "ALL:@SECLEVEL=0"])
                if isSpoken {
                    try talk.get("/healthz")
                    #expect(try await talk.status(1) == 200, "\(version)")
                } else {
                    try await talk.end()
                    let trouble = try talk.trouble
                    #expect(trouble.contains("unexpected eof"), "\(version): \(trouble)")
                }
            }
        }
    }

    @Test("keys without forward secrecy and ciphers without authentication are not negotiated")
    func ciphers() async throws {
        try await SecureDaemon.run { secure in
            let good = try SecureConversation(
                secure, more: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0"])
            try good.get("/healthz")
            #expect(try await good.status(1) == 200)
            for cipher in ["AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256", "NULL", "aNULL"]
            {
                let talk = try SecureConversation(secure, more: ["-tls1_2", "-cipher", "\(cipher):@SECLEVEL=0"])
                try await talk.end()
                let trouble = try talk.trouble
                #expect(trouble.contains("unexpected eof"), "\(cipher): \(trouble)")
            }
        }
    }

    @Test("plain HTTP and noise on the port of TLS end the connection, and nothing is answered in plain text")
    func plainText() async throws {
        try await SecureDaemon.run { secure in
            for text in [
                "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", String(repeating: "x", count: 100_000),
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{28}",
            ] {
                let connection = try RawConnection(secure.daemon.url)
                connection.send(text)
                connection.finishSending()
                let answer = try await #require(connection.readTextToEnd(), "still open after \(text.prefix(20))")
                #expect(!answer.contains("HTTP"), "\(answer)")
            }
            #expect(try await secure.curl("/healthz").status == 200)
        }
    }

    @Test("handshakes that stall keep nobody from an answer, and are ended after twice the idle time")
    func stalled() async throws {
        let scratch = try Scratch()
        let config = try scratch.write("headwaterd.yaml", "limits: {idle: 1}\n")
        try await SecureDaemon.run(arguments: ["--config", config]) { secure in
            let connections = try (0..<300).map { number in
                let connection = try RawConnection(secure.daemon.url)
                // The beginning of a record that announces 512 bytes of a handshake.
                if number.isMultiple(of: 2) { connection.send([0x16, 3, 1, 2, 0, 1]) }
                return connection
            }
            #expect(try await secure.curl("/healthz").status == 200)
            for (number, connection) in connections.enumerated() {
                _ = try await #require(connection.readTextToEnd(), "connection \(number) is open")
            }
            #expect(try await secure.curl("/healthz").status == 200)
        }
    }

    @Test("clients that connect and keep silent, before or in the handshake, cost no processor time")
    func silence() async throws {
        try await SecureDaemon.run { secure in
            let connections = try (0..<10).map { number in
                let connection = try RawConnection(secure.daemon.url)
                if number.isMultiple(of: 2) { connection.send([0x16, 3, 1, 2, 0, 1]) }
                return connection
            }
            #expect(try await secure.curl("/healthz").status == 200)
            let before = try secure.daemon.processorTime
            try await Task.sleep(for: .seconds(2))
            let spent = try secure.daemon.processorTime - before
            // Ticks of 10 ms; a worker that turns without a rest spends some 200.
            #expect(spent < 20, "\(spent) ticks for \(connections.count) silent connections")
        }
    }

    @Test("SIGHUP takes a new certificate for new connections, and keeps those that are open")
    func reload() async throws {
        try await SecureDaemon.run { secure in
            let talk = try SecureConversation(secure)
            try talk.get("/healthz")
            #expect(try await talk.status(1) == 200)
            let old = try await serial(secure)
            try secure.authority.replace("served.pem", by: "renewed.pem")
            try secure.authority.replace("served.key", by: "renewed.key")
            try await secure.reload(saying: "read the settings again: log level notice, the certificates")
            #expect(try await serial(secure) != old)
            try talk.get("/healthz")
            #expect(try await talk.status(2) == 200)
        }
    }

    @Test("SIGHUP with broken files keeps the old ones, and says what is wrong")
    func brokenReload() async throws {
        try await SecureDaemon.run { secure in
            let old = try await serial(secure)
            let (certificate, key) = (secure.authority.file("served.pem"), secure.authority.file("served.key"))
            try secure.authority.replace("served.pem", by: "renewed.pem")
            try await secure.reload(
                saying:
                    "the settings stay as they were: tls.key: \(key): does not match the certificate in \(certificate)")
            #expect(try await serial(secure) == old)
            try secure.authority.replace("served.pem", by: "expired-server.pem")
            try await secure.reload(
                saying: "the settings stay as they were: tls.certificate: \(certificate): expired on ")
            try FileManager.default.removeItem(atPath: certificate)
            try await secure.reload(
                saying: "tls.certificate: \(certificate): cannot be read: No such file or directory")
            #expect(try await serial(secure) == old)
            #expect(try await secure.curl("/healthz").status == 200)
        }
    }

    @Test("no request is lost while the files are read again and again")
    func reloadUnderLoad() async throws {
        try await SecureDaemon.run { secure in
            let address = secure.daemon.url + "/healthz?[1-400]"
            let requests = Task {
                // A connection of its own for each.
                try await run(
                    Repository.tool("curl"),
                    [
                        "-q", "-sS", "--cacert", secure.authority.file("ca.pem"), "-H", "Connection: close",
                        "-o", "/dev/null", "-w", "%{http_code}\n", address,
                    ])
            }
            for _ in 0..<100 {
                kill(secure.daemon.pid, SIGHUP)
                try await Task.sleep(for: .milliseconds(20))
            }
            let outcome = try await requests.value
            // Each has an answer, if only that the query is unknown.
            #expect(outcome.output.split(separator: "\n").count { $0 == "400" } == 400, "\(outcome.errors)")
        }
    }

    /// The number of the certificate that the server presents.
    private func serial(_ secure: SecureDaemon) async throws -> String {
        let address = String(secure.daemon.url.dropFirst("https://".count))
        let shown = try await run(Repository.tool("openssl"), ["s_client", "-connect", address], input: "")
        let certificate = try #require(
            shown.output.range(of: "-----BEGIN CERTIFICATE-----[^E]*", options: .regularExpression))
        return String(shown.output[certificate])
    }
}
