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

    init(kid: String, x: String, d: String, created: Int) {
        self.kid = kid
        self.x = x
        self.d = d
        self.created = created
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
