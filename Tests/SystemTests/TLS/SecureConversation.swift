import Foundation
import TestSupport
import Testing

/// A TLS connection by `openssl s_client`, on which anything can be said, at any time.
final class SecureConversation {
    private let process = Process()
    private let input = Pipe()
    private let scratch: Scratch

    /// - Parameter certificate: the client's, made by the authority.
    init(_ secure: SecureDaemon, certificate: String? = nil, more: [String] = []) throws {
        scratch = try Scratch()
        let authority = secure.authority
        var arguments = [
            "s_client", "-quiet", "-no_ign_eof", "-connect", String(secure.daemon.url.dropFirst("https://".count)),
            "-CAfile", authority.file("ca.pem"), "-verify_return_error",
        ]
        if let certificate {
            arguments += ["-cert", authority.file(certificate + ".pem"), "-key", authority.file(certificate + ".key")]
        }
        process.executableURL = URL(fileURLWithPath: try Repository.tool("openssl"))
        process.arguments = arguments + more
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("output", "")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("errors", "")))
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func get(_ path: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    }

    /// All that has come so far.
    var received: String {
        get throws { try scratch.read("output") }
    }

    /// Waits for the answer of so much in turn, and returns its status.
    func status(_ number: Int) async throws -> Int {
        var statuses: [Int] = []
        try await eventually("answer \(number)") {
            statuses = try received.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
            return statuses.count >= number
        }
        return statuses[number - 1]
    }

    /// What openssl had to say.
    var trouble: String {
        get throws { try scratch.read("errors") }
    }

    /// Waits for the end of the connection.
    func end() async throws {
        try await eventually("the connection ends") { !process.isRunning }
    }
}
