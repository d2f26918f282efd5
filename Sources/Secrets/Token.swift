import CSodium

/// Who holds this text is let in: `hw_` and 32 random bytes in base64url (RFC 4648 §5, without padding).
///
/// It shows itself nowhere: not in a description, a mirror or an error.
public struct Token: Sendable {
    private let bytes: [UInt8]

    private static let prefix = "hw_"
    private static let size = 32
    /// base64url without padding (sodium.h: `sodium_base64_VARIANT_URLSAFE_NO_PADDING`).
    private static let variant = Int32(sodium_base64_VARIANT_URLSAFE_NO_PADDING)

    /// A new token.
    public static func random() throws(SecretsError) -> Token {
        try Sodium.start()
        var bytes = [UInt8](repeating: 0, count: size)
        randombytes_buf(&bytes, size)
        return Token(bytes: bytes)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a token as a client sends it; nil if the text is none.
    public init?(_ text: String) {
        // libsodium 1.0.18 takes some bytes above 0x7F for digits.
        guard text.utf8.starts(with: Token.prefix.utf8), text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let digits = text.utf8.dropFirst(Token.prefix.utf8.count).map { CChar(bitPattern: $0) }
        var bytes = [UInt8](repeating: 0, count: Token.size)
        var count = 0
        guard
            sodium_base642bin(&bytes, bytes.count, digits, digits.count, nil, &count, nil, Token.variant) == 0,
            count == Token.size
        else { return nil }
        self.bytes = bytes
    }

    /// The text, for the one moment when its owner is shown it.
    public func reveal() -> String {
        var digits = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, Token.variant))
        sodium_bin2base64(&digits, digits.count, bytes, bytes.count, Token.variant)
        return Token.prefix + String(decoding: digits.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What may be stored of the token.
    public var hash: TokenHash {
        TokenHash(digest: Digest.blake2b(bytes, size: TokenHash.size))
    }
}

extension Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Token(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
