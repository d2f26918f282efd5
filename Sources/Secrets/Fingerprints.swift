import CSodium

/// Knows secrets again without keeping them: by a keyed BLAKE2b-256 (RFC 7693 §2.9) whose key is random, is in memory
/// only, and ends with the process.
///
/// Without the key a fingerprint says nothing about a secret, however easy that is to guess.
public struct Fingerprints: Sendable {
    private let key: [UInt8]

    /// With a key of its own: the same secret has another fingerprint elsewhere.
    public init() throws(SecretsError) {
        try Sodium.start()
        var key = [UInt8](repeating: 0, count: Int(crypto_generichash_KEYBYTES))
        randombytes_buf(&key, key.count)
        self.key = key
    }

    /// The fingerprint of a password of somebody.
    public func fingerprint(of password: Password, _ whose: String) -> Fingerprint {
        fingerprint(of: whose + "\0" + password.text)
    }

    /// The fingerprint of a text that lets somebody in.
    public func fingerprint(of text: String) -> Fingerprint {
        var digest = [UInt8](repeating: 0, count: 32)
        let message = Array(text.utf8)
        crypto_generichash(&digest, digest.count, message, UInt64(message.count), key, key.count)
        return Fingerprint(bytes: digest)
    }
}
