import Foundation
import Secrets
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
        for secret in [Array(loot.publicKey.utf8), Array(try #require(Base64URL.data(loot.publicKey)))] {
            let session = Session(subject: "admin", user: 1, generation: 0, begins: now, ends: now + 60)
            let forged = try Forger.token(
                try Forger.header(kid: kid, algorithm: "HS256"), payload: Claims(session, id: "x")
            ) { Forger.hmac($0, secret: secret) }
            #expect(await loot.signatory.session(of: forged, now: now) == nil)
        }
    }

    @Test("signed by a foreign key is refused, under our key's name, under its own, or with itself in the header")
    func foreign() async throws {
        let loot = try await loot()
        let kid = try #require(loot.header["kid"])
        let foreign = try SigningKey()
        let claims = Claims(Session(subject: "admin", user: 1, generation: 0, begins: now, ends: now + 60), id: "x")
        let jwk = ["jwk": Base64URL.text(Data(foreign.verificationKey.bytes))]
        for name in [kid, "other", "", "../session.keys", "/dev/null", "\(kid)\0", "' OR 1=1 --"] {
            for more in [[:], jwk] {
                let forged = try Forger.token(
                    try Forger.header(kid: name, more: more), payload: claims, sign: foreign.signature)
                #expect(await loot.signatory.session(of: forged, now: now) == nil, "\(name)")
            }
        }
    }

    @Test("whose signature is another text of the same bytes, or is not in its one canonical form, is refused")
    func malleable() async throws {
        let loot = try await loot()
        let header = String(decoding: try JSONEncoder().encode(loot.header), as: UTF8.self)
        // The 64 bytes end within the last digit, whose four lower bits are not of any byte.
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(loot.signature.last.flatMap { digits.firstIndex(of: $0) })
        #expect(last % 16 == 0)
        for other in [last + 1, last + 15] {
            let signature = "\(loot.signature.dropLast())\(digits[other])"
            #expect(await loot.signatory.session(of: text(header, loot.payload, signature), now: now) == nil)
        }
        // S + L verifies the same equation (RFC 8032 §5.1.7 demands S < L).
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var bytes = [UInt8](try #require(Base64URL.data(loot.signature)))
        var carry = 0
        for (index, byte) in order.enumerated() {
            let sum = Int(bytes[32 + index]) + Int(byte) + carry
            bytes[32 + index] = UInt8(sum & 0xff)
            carry = sum >> 8
        }
        let shifted = Base64URL.text(Data(bytes))
        #expect(await loot.signatory.session(of: text(header, loot.payload, shifted), now: now) == nil)
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
        struct Loose: Encodable {
            var iss = "headwater"
            var aud = "headwater"
            var sub = "jana"
            var iat = 1_800_000_000
            var nbf = 1_800_000_000
            var exp = 1_800_000_060
            var jti = "x"
            var uid = 1
            var gen = 0
        }
        let loot = try await loot()
        let key = try #require(try scratch.keys.read()?.keys.first)
        let signer = try #require(key.signingKey)
        func session(_ change: (inout Loose) -> Void) async throws -> Session? {
            var claims = Loose()
            change(&claims)
            let token = try Forger.token(
                try Forger.header(kid: key.kid), payload: claims, sign: signer.signature)
            return await loot.signatory.session(of: token, now: now)
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
