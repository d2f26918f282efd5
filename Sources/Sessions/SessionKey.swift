import Foundation
import Secrets

/// One key pair, as RFC 8037 §2 writes it in JSON; without its private half it can only verify.
struct SessionKey: Codable, Hashable {
    /// Its name in a token's header.
    let kid: String
    var kty = "OKP"
    var crv = "Ed25519"
    /// The public half, in base64url.
    let x: String
    /// The private half, in base64url.
    private(set) var d: String?
    /// In seconds since 1970-01-01T00:00:00Z.
    let created: Int
    /// When it last signed, at the latest, in seconds since 1970-01-01T00:00:00Z; nil for the one that signs.
    private(set) var retired: Int?

    init(_ key: SigningKey, kid: String, created: Int) {
        self.kid = kid
        x = Base64URL.text(Data(key.verificationKey.bytes))
        d = Base64URL.text(Data(key.seed))
        self.created = created
    }

    /// The half that signs; nil if it is gone.
    var signingKey: SigningKey? {
        d.flatMap { Base64URL.data($0) }.flatMap { SigningKey(seed: [UInt8]($0)) }
    }

    /// The half that verifies; nil if `x` is no key.
    var verificationKey: VerificationKey? {
        Base64URL.data(x).flatMap { VerificationKey([UInt8]($0)) }
    }

    /// Whether it is of the one kind that this module signs with, and its halves belong together.
    var isSound: Bool {
        guard kty == "OKP", crv == "Ed25519", !kid.isEmpty, let verificationKey else { return false }
        return d == nil || signingKey?.verificationKey == verificationKey
    }

    /// The same without what signs.
    func retired(at now: Int) -> SessionKey {
        var key = self
        key.d = nil
        key.retired = retired ?? now
        return key
    }
}

extension SessionKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "SessionKey(\(kid))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
