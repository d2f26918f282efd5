import Foundation
import TestSupport
import Testing
import Tree

@Suite("The client program over TLS", .serialized)
struct SecureClientTests {
    @Test("it believes no authority but those of the system and the one that it is told")
    func authorities() async throws {
        try await SecureDaemon.run { secure in
            let client = try Client(secure.daemon)
            let refused = try await client("whoami")
            #expect(refused.status == 1)
            #expect(
                refused.errors.hasPrefix(
                    "headwater: \(secure.daemon.url): no trusted connection: SSL certificate problem: "),
                "\(refused.errors)")
            #expect(refused.errors.contains("--cacert"))
            let accepted = try await client("whoami", "--cacert", secure.authority.file("ca.pem"))
            #expect(accepted.status == 0 && accepted.output.contains("admin (superuser)"), "\(accepted.errors)")
        }
    }

    @Test("a machine's certificate stands for a token, and the server's reason against one is shown")
    func certificate() async throws {
        try await SecureDaemon.run { secure in
            let authority = secure.authority
            let client = try Client(url: secure.daemon.url, token: nil)
            func ask(_ name: String) async throws -> Outcome {
                try await client(
                    "whoami", "--cacert", authority.file("ca.pem"), "--cert",
                    authority.file("\(name).pem"), "--key", authority.file("\(name).key"))
            }
            let own = try await ask("web.example")
            #expect(own.status == 0 && own.output.contains("web.example"), "\(own.output)\(own.errors)")
            let revoked = try await ask("revoked")
            #expect(revoked.status == 1)
            #expect(
                revoked.errors.hasPrefix(
                    """
                    headwater: \(secure.daemon.url) does not accept the certificate \(authority.file("revoked.pem"))
                      the client certificate is refused: it has been revoked

                    """), "\(revoked.errors)")
        }
    }

    @Test("streams of events go over it, and what they and the daemon spend while nothing happens is next to nothing")
    func idle() async throws {
        try await SecureDaemon.run { secure in
            let daemon = secure.daemon
            var listeners: [Child] = []
            for _ in 0..<5 {
                listeners.append(
                    try Child(
                        Repository.product("headwater"), ["events", "--cacert", secure.authority.file("ca.pem")],
                        ["HEADWATER_URL": daemon.url, "HEADWATER_TOKEN": daemon.token], try Scratch()))
            }
            func streams(_ count: Int) async throws -> Bool {
                let metrics = try await secure.curl("/metrics", token: daemon.token).body
                return metrics.contains("headwater_event_streams \(count)\n")
            }
            try await eventually("the streams are open") { try await streams(5) }
            let pids = listeners.map(\.pid) + [daemon.pid]
            func spent() throws -> Int { try pids.reduce(0) { try $0 + ticks($1) } }
            let before = try spent()
            try await Task.sleep(for: .seconds(3))
            // Of the 1,800 ticks that six busy ones would have spent.
            #expect(try spent() - before < 100)
            _ = try await secure.curl(
                "/v1/tree/lab?parents=true", token: daemon.token,
                more: [
                    "-X", "PUT", "-H", "Content-Type: application/json", "-d",
                    #"{"kind": "folder", "definition": {"vars": {"x": 1}}}"#,
                ])
            for listener in listeners { try await listener.line(containing: "changed /lab") }

            for listener in listeners { await listener.end(SIGKILL) }
            let left = try ticks(daemon.pid)
            try await Task.sleep(for: .seconds(3))
            #expect(try ticks(daemon.pid) - left < 50)
            try await eventually("the streams are forgotten") { try await streams(0) }
        }
    }

    /// What a process has spent of processors, in hundredths of a second: utime and stime of proc_pid_stat(5).
    private func ticks(_ pid: Int32) throws -> Int {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        return try #require(Int(fields[11])) + #require(Int(fields[12]))
    }
}
