import CSodium

/// The public half of an Ed25519 key pair (RFC 8032 §5.1.5): what knows the signatures of the other half.
public struct VerificationKey: Hashable, Sendable {
    /// Its 32 bytes.
    public let bytes: [UInt8]

    /// Reads a key; nil unless it has 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Int(crypto_sign_PUBLICKEYBYTES) else { return nil }
        self.init(validBytes: bytes)
    }

    init(validBytes bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the private half signed this message. libsodium refuses keys of small order and signatures that are not in
    /// their one canonical form (RFC 8032 §5.1.7).
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == Int(crypto_sign_BYTES) else { return false }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}
