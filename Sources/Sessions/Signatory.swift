import Foundation
import JWTKit

/// Signs sessions, and knows its own signatures again.
public actor Signatory {
    private let file: KeyFile
    private var ring: KeyRing
    private var keys = JWTKeyCollection()

    /// Longer texts are no sessions; reading them would only cost time.
    private static let longest = 2_048

    /// Takes the keys of a file; makes them where there are none.
    ///
    /// - Parameter now: in seconds since 1970-01-01T00:00:00Z.
    public init(_ file: KeyFile, now: Int) async throws {
        self.file = file
        ring = try file.open(now: now)
        keys = try await Signatory.collection(ring)
    }

    /// Takes the keys that are in the file by now.
    public func reload(now: Int) async throws {
        try await use(try file.open(now: now))
    }

    /// The signed text of a session. Makes the next key when the current one has signed for long enough.
    public func sign(_ session: Session) async throws -> String {
        // A disk that is full keeps nobody out: the next session tries again.
        if ring.isDue(session.begins) { try? await rotate(session.begins) }
        let claims = Claims(session, id: UUID().uuidString.lowercased())
        return try await keys.sign(claims, kid: JWKIdentifier(string: ring.current))
    }

    /// The session that a text stands for; nil if one of our keys did not sign it, or it is not valid at `now`.
    public func session(of text: String, now: Int) async -> Session? {
        guard Signatory.maySign(text, ring.keys.map(\.kid)),
            let claims = try? await keys.verify(text, as: Claims.self)
        else { return nil }
        return claims.session(at: now)
    }

    /// Whether a text has the form of a session, so that asking for its signature makes sense.
    public static func isSession(_ text: String) -> Bool {
        text.utf8.count <= longest && text.hasPrefix("ey") && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    /// A header that asks for our algorithm with one of our keys, and for nothing that we do not know (RFC 7515
    /// §4.1.11). Asked before the library, which for a key that it does not know takes another.
    private static func maySign(_ text: String, _ kids: [String]) -> Bool {
        struct Header: Decodable {
            let alg: String
            let kid: String
        }
        guard isSession(text), let part = text.split(separator: ".").first, let data = Base64URL.data(part),
            let header = try? JSONDecoder().decode(Header.self, from: data),
            let names = try? JSONDecoder().decode([String: String].self, from: data)
        else { return false }
        return header.alg == "EdDSA" && kids.contains(header.kid)
            && Set(names.keys).isSubset(of: ["alg", "kid", "typ"])
    }

    private func rotate(_ now: Int) async throws {
        // Somebody may have done it by hand.
        let known = try file.open(now: now)
        let next = known.isDue(now) ? try known.rotated(now: now) : known
        try file.write(next)
        try await use(next)
    }

    private func use(_ next: KeyRing) async throws {
        keys = try await Signatory.collection(next)
        ring = next
    }

    private static func collection(_ ring: KeyRing) async throws -> JWTKeyCollection {
        let keys = JWTKeyCollection()
        for key in ring.keys {
            let kid = JWKIdentifier(string: key.kid)
            if let d = key.d {
                await keys.add(eddsa: try EdDSA.PrivateKey(d: d, curve: .ed25519), kid: kid)
            } else {
                await keys.add(eddsa: try EdDSA.PublicKey(x: key.x, curve: .ed25519), kid: kid)
            }
        }
        return keys
    }
}
