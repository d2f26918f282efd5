import Foundation
import JWTKit
import Testing

@testable import Sessions

@Suite("A forged session")
struct ForgeryTests {
    private let scratch = Scratch()
    private let now = 1_800_000_000

    /// What a forger starts from: a session that holds, its parts, and the keys' public half, which is no secret.
    private struct Loot {
        let signatory: Signatory
        let header: [String: String]
        let payload: String
        let signature: String
        let publicKey: String
    }

    private func loot(_ length: Int = 3_600) async throws -> Loot {
        let signatory = try await Signatory(scratch.keys, now: now)
        let session = Session(subject: "jana", user: 1, generation: 0, begins: now, ends: now + length)
        let parts = try await signatory.sign(session).split(separator: ".").map(String.init)
        let head = try #require(parts.first)
        let header = try JSONDecoder().decode([String: String].self, from: try #require(Base64URL.data(head)))
        let key = try #require(try scratch.keys.read()?.keys.first)
        return Loot(signatory: signatory, header: header, payload: parts[1], signature: parts[2], publicKey: key.x)
    }

    private func text(_ header: String, _ payload: String, _ signature: String) -> String {
        "\(Base64URL.text(Data(header.utf8))).\(payload).\(signature)"
    }

    @Test("that asks for another algorithm is refused, also with the signature of a real one")
    func algorithms() async throws {
        let loot = try await loot()
        let kid = try #require(loot.header["kid"])
        for algorithm in ["none", "None", "NONE", "", "HS256", "RS256", "ES256", "PS256", "eddsa", "EdDSA "] {
            let header = "{\"alg\":\"\(algorithm)\",\"kid\":\"\(kid)\",\"typ\":\"JWT\"}"
            for signature in ["", loot.signature] {
                #expect(await loot.signatory.session(of: text(header, loot.payload, signature), now: now) == nil)
            }
        }
    }

    @Test("whose signature is made with the public key as if it were a shared secret is refused")
    func confusion() async throws {
        let loot = try await loot()
        let kid = try #require(loot.header["kid"])
        for secret in [loot.publicKey, String(decoding: try #require(Base64URL.data(loot.publicKey)), as: UTF8.self)] {
            let keys = JWTKeyCollection()
            await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256, kid: JWKIdentifier(string: kid))
            let session = Session(subject: "admin", user: 1, generation: 0, begins: now, ends: now + 60)
            let forged = try await keys.sign(Claims(session, id: "x"), kid: JWKIdentifier(string: kid))
            #expect(await loot.signatory.session(of: forged, now: now) == nil)
        }
    }

    @Test("signed by a foreign key is refused, under our key's name, under its own, or with itself in the header")
    func foreign() async throws {
        let loot = try await loot()
        let kid = try #require(loot.header["kid"])
        let foreign = try EdDSA.PrivateKey()
        let session = Session(subject: "admin", user: 1, generation: 0, begins: now, ends: now + 60)
        for name in [kid, "other", "", "../session.keys", "/dev/null", "\(kid)\0", "' OR 1=1 --"] {
            let keys = JWTKeyCollection()
            await keys.add(eddsa: foreign, kid: JWKIdentifier(string: name))
            let forged = try await keys.sign(Claims(session, id: "x"), kid: JWKIdentifier(string: name))
            #expect(await loot.signatory.session(of: forged, now: now) == nil, "\(name)")
            let withKey = try await keys.sign(
                Claims(session, id: "x"), kid: JWKIdentifier(string: name),
                header: [
                    "jwk": .object([
                        "kty": .string("OKP"), "x": .string(Base64URL.text(foreign.publicKey.rawRepresentation)),
                    ])
                ])
            #expect(await loot.signatory.session(of: withKey, now: now) == nil, "\(name)")
        }
    }

    @Test("without the name of a key is refused, however it is signed")
    func nameless() async throws {
        let loot = try await loot()
        #expect(
            await loot.signatory.session(of: text("{\"alg\":\"EdDSA\"}", loot.payload, loot.signature), now: now) == nil
        )
    }

    @Test("with a header that it does not sign for is refused")
    func critical() async throws {
        let loot = try await loot()
        let kid = try #require(loot.header["kid"])
        let header = "{\"alg\":\"EdDSA\",\"kid\":\"\(kid)\",\"crit\":[\"exp\"],\"exp\":1}"
        #expect(await loot.signatory.session(of: text(header, loot.payload, loot.signature), now: now) == nil)
    }

    @Test("with one claim changed is refused")
    func claims() async throws {
        let loot = try await loot()
        let payload = try #require(Base64URL.data(loot.payload))
        let claims = String(decoding: payload, as: UTF8.self)
        for (old, new) in [("jana", "eva0"), ("\"gen\":0", "\"gen\":1"), ("\(now + 3_600)", "\(now + 9_999)")] {
            let changed = claims.replacingOccurrences(of: old, with: new)
            try #require(changed != claims)
            let header = String(decoding: try JSONEncoder().encode(loot.header), as: UTF8.self)
            let forged = text(header, Base64URL.text(Data(changed.utf8)), loot.signature)
            #expect(await loot.signatory.session(of: forged, now: now) == nil)
        }
    }

    @Test("that our own key signed for another purpose is refused: issuer, audience and subject count")
    func purposes() async throws {
        struct Loose: JWTPayload {
            var iss = "headwater"
            var aud = "headwater"
            var sub = "jana"
            var iat = 1_800_000_000
            var nbf = 1_800_000_000
            var exp = 1_800_000_060
            var jti = "x"
            var uid = 1
            var gen = 0

            func verify(using algorithm: some JWTAlgorithm) {}
        }
        let loot = try await loot()
        let key = try #require(try scratch.keys.read()?.keys.first)
        let keys = JWTKeyCollection()
        await keys.add(eddsa: try EdDSA.PrivateKey(d: try #require(key.d), curve: .ed25519))
        func session(_ change: (inout Loose) -> Void) async throws -> Session? {
            var claims = Loose()
            change(&claims)
            return await loot.signatory.session(
                of: try await keys.sign(claims, kid: JWKIdentifier(string: key.kid)), now: now)
        }
        #expect(try await session { _ in } != nil)
        #expect(try await session { $0.iss = "elsewhere" } == nil)
        #expect(try await session { $0.aud = "elsewhere" } == nil)
        #expect(try await session { $0.sub = "" } == nil)
        #expect(try await session { $0.iat = now + 3_600 } == nil)
        #expect(try await session { $0.nbf = now + 61 } == nil)
        #expect(try await session { $0.nbf = .max } == nil)
        #expect(try await session { $0.exp = now } == nil)
        #expect(try await session { $0.exp = .min } == nil)
    }

    @Test(
        "that is no session at all gives nothing, at any length",
        arguments: [
            "", ".", "..", "...", "ey..", "ey.ey.", "eyJ9.e30.AA", "\0.\0.\0",
            "ey" + String(repeating: "A", count: 5_000) + "..",
            "ey" + String(repeating: "[", count: 1_000) + ".x.y", "eyé.é.é",
        ])
    func noise(_ text: String) async throws {
        #expect(await (try loot()).signatory.session(of: text, now: now) == nil)
    }
}
