import CSodium

/// The BLAKE2b-256 of a token (RFC 7693): tells whether a token is the one, and cannot be turned back into it.
///
/// A fast hash is right here, where a password needs a slow one: a token is 256 random bits, so there is nothing to
/// guess, and it is checked with every request.
public struct TokenHash: Sendable {
    static let size = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    init(digest: [UInt8]) {
        bytes = digest
    }

    /// Takes a hash as it was stored; nil if it has not 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == TokenHash.size else { return nil }
        self.bytes = bytes
    }
}

extension TokenHash: Hashable {
    /// Takes the same time wherever the two differ.
    public static func == (left: TokenHash, right: TokenHash) -> Bool {
        sodium_memcmp(left.bytes, right.bytes, size) == 0
    }
}
