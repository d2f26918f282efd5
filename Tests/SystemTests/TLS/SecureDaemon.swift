import Foundation
import TestSupport
import Testing
import Tree

/// The real daemon behind TLS, believing the certificates of an authority of its own.
struct SecureDaemon {
    let daemon: Daemon
    let authority: TestAuthority

    /// Runs a daemon that knows the machine /lab/web as `web.example` and /lab/db as `db.example`.
    static func run(
        arguments: [String] = [], revocations: String = "crl.pem", _ body: (SecureDaemon) async throws -> Void
    ) async throws {
        let authority = try TestAuthority("web.example", "db.example", "nobody.example")
        try authority.replace("served.pem", by: "server.pem")
        try authority.replace("served.key", by: "server.key")
        try authority.replace("served-crl.pem", by: revocations)
        let files = [
            "--tls-certificate", authority.file("served.pem"), "--tls-key", authority.file("served.key"),
            "--tls-ca", authority.file("ca.pem"), "--tls-crl", authority.file("served-crl.pem"),
        ]
        try await Daemon.run(arguments: files + arguments) { daemon in
            let secure = SecureDaemon(daemon: daemon, authority: authority)
            for (path, name) in [("web", "web.example"), ("db", "db.example")] {
                let made = try await secure.curl(
                    "/v1/tree/lab/\(path)?parents=true", token: daemon.token,
                    more: [
                        "-X", "PUT", "-H", "Content-Type: application/json", "-d",
                        #"{"kind": "vm", "definition": {"certname": "\#(name)", "vars": {"who": "\#(name)"}}}"#,
                    ])
                try #require(made.status == 201, "\(made.body)")
            }
            try await body(secure)
        }
    }

    /// What came back to curl; status 0 without an answer.
    struct Reply {
        let status: Int
        let body: String
        /// The exit status of curl.
        let exit: Int32
    }

    /// Asks with curl, which verifies the server.
    /// - Parameter certificate: the name of the client's certificate, made by the authority.
    func curl(
        _ path: String, certificate: String? = nil, token: String? = nil, more: [String] = []
    ) async throws -> Reply {
        var arguments = [
            "-q", "-sS", "-m", "20", "--path-as-is", "--cacert", authority.file("ca.pem"), "-w", "\n%{http_code}",
        ]
        if let certificate {
            arguments += [
                "--cert", authority.file(certificate + ".pem"), "--key", authority.file(certificate + ".key"),
            ]
        }
        if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
        let outcome = try await SystemTests.run(Repository.tool("curl"), arguments + more + [daemon.url + path])
        let parts = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Reply(
            status: parts.last.flatMap { Int($0) } ?? 0, body: parts.dropLast().joined(separator: "\n"),
            exit: outcome.status)
    }

    /// Tells the daemon to read its settings again, and waits until it says so.
    func reload(saying text: String) async throws {
        let before = try daemon.log.components(separatedBy: text).count
        kill(daemon.pid, SIGHUP)
        try await eventually("the log says: \(text)") { try daemon.log.components(separatedBy: text).count > before }
    }
}
