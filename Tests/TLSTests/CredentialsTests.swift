import Foundation
import TestSupport
import Testing

@testable import TLS

@Suite("Credentials", .serialized)
struct CredentialsTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority("web.example")
    }

    private func files(_ change: (inout Files) -> Void = { _ in }) -> Files {
        var files = Files(
            certificate: authority.file("server.pem"), key: authority.file("server.key"),
            authorities: authority.file("ca.pem"), revocations: authority.file("crl.pem"))
        change(&files)
        return files
    }

    @Test("good files are taken without a warning, with authorities and lists and without")
    func good() throws {
        #expect(try Credentials(files()).warnings == [])
        #expect(try Credentials(files { $0.revocations = nil }).warnings == [])
        let alone = Files(certificate: authority.file("server.pem"), key: authority.file("server.key"))
        let credentials = try Credentials(alone)
        #expect(credentials.warnings == [])
        #expect(credentials.files == alone)
        #expect(abs(Double(credentials.expires) - Date().timeIntervalSince1970 - 365 * 86_400) < 3_600)
    }

    @Test("files that are wrong are refused, each with what is wrong about it")
    func bad() throws {
        try authority.write("empty", "")
        try authority.write("text", "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n")
        let yesterday = Date(timeIntervalSinceNow: -86_400).formatted(.iso8601.year().month().day())
        let file = { (name: String) in authority.file(name) }
        let cases: [((inout Files) -> Void, String, String)] = [
            ({ $0.certificate = file("none") }, "none", "cannot be read: No such file or directory"),
            ({ $0.certificate = authority.directory }, "", "is no file"),
            ({ $0.certificate = file("empty") }, "empty", "holds no certificate in PEM: "),
            ({ $0.certificate = file("text") }, "text", "holds no certificate in PEM: "),
            ({ $0.certificate = file("server.key") }, "server.key", "holds no certificate in PEM: "),
            ({ $0.certificate = file("expired-server.pem") }, "expired-server.pem", "expired on \(yesterday)"),
            ({ $0.certificate = file("future-server.pem") }, "future-server.pem", "does not hold yet, but from "),
            (
                { $0.key = file("renewed.key") }, "renewed.key",
                "does not match the certificate in \(file("server.pem"))"
            ),
            ({ $0.key = file("encrypted.key") }, "encrypted.key", "is encrypted; expected a key without a passphrase"),
            ({ $0.key = file("ca.pem") }, "ca.pem", "holds no private key in PEM that can be used: "),
            ({ $0.authorities = file("server.key") }, "server.key", "holds no certificate in PEM: "),
            ({ $0.revocations = file("ca.pem") }, "ca.pem", "holds no list of revoked certificates in PEM: "),
            (
                { $0.revocations = file("crl-foreign.pem") }, "crl-foreign.pem",
                "list 1 of 1 is signed by none of the client authorities; expected their own lists"
            ),
            (
                { $0.authorities = nil }, "crl.pem",
                "lists revoked certificates of no authority: expected a client authority too"
            ),
        ]
        for (change, name, reason) in cases {
            let error = #expect(throws: CredentialsError.self) { try Credentials(files(change)) }
            let path = name.isEmpty ? authority.directory : file(name)
            #expect(error?.description.hasPrefix("\(path): \(reason)") == true, "\(error?.description ?? "none")")
        }
    }

    @Test("what is odd is told, and no failure")
    func warnings() throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: authority.file("ending-server.key"))
        let tomorrow = Date(timeIntervalSinceNow: 86_400).formatted(.iso8601.year().month().day())
        let ending = try Credentials(
            files {
                $0.certificate = authority.file("ending-server.pem")
                $0.key = authority.file("ending-server.key")
            })
        #expect(
            ending.warnings == [
                "\(authority.file("ending-server.pem")): expires on \(tomorrow)",
                "\(authority.file("ending-server.key")): any user of this machine may read it (mode 0644); expected 0600",
            ])
        let outdated = try Credentials(files { $0.revocations = authority.file("crl-outdated.pem") })
        #expect(
            outdated.warnings == [
                "\(authority.file("crl-outdated.pem")): list 1 of 2 is outdated; every client certificate is refused"
            ])
        let partial = try Credentials(files { $0.revocations = authority.file("crl-root.pem") })
        #expect(
            partial.warnings == [
                "\(authority.file("crl-root.pem")): 1 of the client authorities have no list, so nothing of theirs is revoked"
            ])
    }
}
