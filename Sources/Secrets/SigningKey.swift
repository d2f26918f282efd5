import CSodium

/// The private half of an Ed25519 key pair (RFC 8032 §5.1.5): what signs.
public struct SigningKey: Sendable {
    /// The 32 bytes that both halves are computed from; whoever has them can sign.
    public let seed: [UInt8]
    /// The half that anybody may have.
    public let verificationKey: VerificationKey
    /// Seed and public half, as libsodium wants them.
    private let pair: [UInt8]

    /// A new key.
    public init() throws(SecretsError) {
        try Sodium.start()
        var seed = [UInt8](repeating: 0, count: Int(crypto_sign_SEEDBYTES))
        randombytes_buf(&seed, seed.count)
        self.init(validSeed: seed)
    }

    /// The key of a seed; nil unless it has 32 bytes.
    public init?(seed: [UInt8]) {
        guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
        self.init(validSeed: seed)
    }

    private init(validSeed seed: [UInt8]) {
        var pair = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
        var half = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
        crypto_sign_seed_keypair(&half, &pair, seed)
        self.seed = seed
        self.pair = pair
        verificationKey = VerificationKey(validBytes: half)
    }

    /// The signature of a message: 64 bytes, the same ones each time.
    public func signature(of message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), pair)
        return signature
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SigningKey(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
