import Foundation

/// Signs sessions, and knows its own signatures again.
public actor Signatory {
    private let file: KeyFile
    private var ring: KeyRing

    /// Longer texts are no sessions; reading them would only cost time.
    private static let longest = 2_048

    /// Takes the keys of a file; makes them where there are none.
    ///
    /// - Parameter now: in seconds since 1970-01-01T00:00:00Z.
    public init(_ file: KeyFile, now: Int) async throws {
        self.file = file
        ring = try file.open(now: now)
    }

    /// Takes the keys that are in the file by now.
    public func reload(now: Int) async throws {
        ring = try file.open(now: now)
    }

    /// The signed text of a session. Makes the next key when the current one has signed for long enough.
    public func sign(_ session: Session) async throws -> String {
        // A disk that is full keeps nobody out: the next session tries again.
        if ring.isDue(session.begins) { try? rotate(session.begins) }
        guard let key = ring.signingKey else { throw KeyFileError(file: file.path, "it holds no key that signs") }
        let claims = Claims(session, id: UUID().uuidString.lowercased())
        return try CompactToken.text(of: claims, signedBy: key, kid: ring.current)
    }

    /// The session that a text stands for; nil if one of our keys did not sign it, or it is not valid at `now`.
    public func session(of text: String, now: Int) async -> Session? {
        claims(of: text)?.session(at: now)
    }

    /// When a session ended that one of our keys signed; nil if the text is none, or has not ended.
    public func end(of text: String, now: Int) async -> Int? {
        guard let end = claims(of: text)?.exp, end <= now else { return nil }
        return end
    }

    private func claims(of text: String) -> Claims? {
        guard Signatory.isSession(text), let token = CompactToken(text),
            let key = ring.key(token.kid)?.verificationKey
        else { return nil }
        return token.claims(signedBy: key)
    }

    /// Whether a text has the form of a session, so that asking for its signature makes sense.
    public static func isSession(_ text: String) -> Bool {
        text.utf8.count <= longest && text.hasPrefix("ey") && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    private func rotate(_ now: Int) throws {
        // Somebody may have done it by hand.
        let known = try file.open(now: now)
        let next = known.isDue(now) ? try known.rotated(now: now) : known
        try file.write(next)
        ring = next
    }
}
