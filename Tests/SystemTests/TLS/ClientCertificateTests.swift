import Foundation
import TestSupport
import Testing
import Tree

@Suite("Client certificates, of an authority like Puppet's", .serialized)
struct ClientCertificateTests {
    private static let odd =
        #"its common name is no machine's: expected lower-case letters, digits, \".\", \"_\" and \"-\""#

    /// What is wrong with each of the authority's bad certificates.
    private static let refused = [
        "revoked": "it has been revoked",
        "expired": "it has expired",
        "future": "it does not hold yet",
        "foreign": "its signature is wrong",
        "nul": odd, "wildcard": odd, "capitals": odd, "cyrillic": odd, "slash": odd, "newline": odd,
        "two-names": "its subject has more than one common name",
        "no-name": "its subject has no common name, or one that is no text",
        "for-servers": "it is not for clients",
        "by-machine": "its signer is no authority",
    ]

    @Test("one that proves nothing is refused with its reason, at every address and whatever token comes with it")
    func bad() async throws {
        try await SecureDaemon.run(arguments: ["--compiler", "compiler.example"]) { secure in
            for (name, reason) in Self.refused.sorted(by: { $0.key < $1.key }) {
                for (path, token) in [
                    ("/enc/web.example", nil), ("/healthz", nil), ("/v1/whoami", secure.daemon.token),
                ] {
                    let answer = try await secure.curl(path, certificate: name, token: token)
                    #expect(answer.status == 401, "\(name) \(path): \(answer.body)")
                    #expect(
                        answer.body.contains(#""detail":"the client certificate is refused: \#(reason)""#),
                        "\(name): \(answer.body)")
                }
            }
        }
    }

    @Test("none is asked for where no authority is believed, and a token decides where both are shown")
    func optional() async throws {
        try await SecureDaemon.run { secure in
            let both = try await secure.curl("/v1/whoami", certificate: "web.example", token: secure.daemon.token)
            #expect(both.body.contains(#""principal":"admin""#))
            let wrong = try await secure.curl("/enc/web.example", certificate: "web.example", token: "hw_wrong")
            #expect(wrong.status == 401)
            #expect(try await secure.curl("/enc/web.example").status == 401)
        }
    }

    @Test("a certificate that is revoked while its connection is open proves nothing from the reload on")
    func revocation() async throws {
        try await SecureDaemon.run { secure in
            let talk = try SecureConversation(secure, certificate: "web.example")
            try talk.get("/healthz")
            #expect(try await talk.status(1) == 200)
            try secure.authority.replace("served-crl.pem", by: "crl-all.pem")
            try await secure.reload(saying: "read the settings again: log level notice, the certificates")
            try talk.get("/healthz")
            #expect(try await talk.status(2) == 401)
            try await talk.end()
            #expect(try talk.received.contains("the client certificate is refused: it has been revoked"))
            let again = try await secure.curl("/enc/web.example", certificate: "web.example")
            #expect(again.status == 401)
            // The compiler's is on no list.
            #expect(try await secure.curl("/healthz", certificate: "compiler").status == 200)
        }
    }

    @Test("a certificate is refused as soon as the authority has written its list anew, and without a signal")
    func writtenList() async throws {
        try await SecureDaemon.run { secure in
            let talk = try SecureConversation(secure, certificate: "web.example")
            try talk.get("/healthz")
            #expect(try await talk.status(1) == 200)
            let file = secure.authority.file("served-crl.pem")

            // Half of it, in its place: the list that is known holds on.
            let whole = try String(contentsOfFile: secure.authority.file("crl-all.pem"), encoding: .utf8)
            try secure.authority.write("served-crl.pem", String(whole.prefix(whole.count / 4)))
            try await eventually("the log says that the list cannot be read") {
                try secure.daemon.log.contains(
                    "error the list of revoked certificates stays as it was: tls.crl: \(file)")
            }
            #expect(try await secure.curl("/healthz", certificate: "web.example").status == 200)

            // A new file under its name, as Puppet's authority makes it.
            try secure.authority.write("new-crl.pem", whole)
            #expect(rename(secure.authority.file("new-crl.pem"), file) == 0)
            try await eventually("the certificate is refused") {
                try await secure.curl("/healthz", certificate: "web.example").status == 401
            }
            #expect(try secure.daemon.log.contains("notice read the list of revoked certificates again: \(file)"))
            try talk.get("/healthz")
            #expect(try await talk.status(2) == 401)
            try await talk.end()
        }
    }

    @Test("an outdated list is told at the start, and no certificate is believed by it; tokens are")
    func outdated() async throws {
        try await SecureDaemon.run(revocations: "crl-outdated.pem") { secure in
            let file = secure.authority.file("served-crl.pem")
            #expect(
                try secure.daemon.log.contains(
                    "warning \(file): list 1 of 2 is outdated; every client certificate is refused"))
            let answer = try await secure.curl("/healthz", certificate: "web.example")
            #expect(answer.status == 401)
            #expect(answer.body.contains("the list of revoked certificates is outdated, so none can be believed"))
            #expect(try await secure.curl("/v1/whoami", token: secure.daemon.token).status == 200)
        }
    }
}
