import CSodium

/// Knows secrets, and other bytes, again without keeping them: by a SipHash-2-4 of 128 bits (Aumasson and Bernstein, "SipHash: a fast
/// short-input PRF") whose key is random, is in memory only, and ends with the process.
///
/// Without the key a fingerprint says nothing about a secret, however easy that is to guess, and nobody can make another
/// text of the same fingerprint; so it may be looked up in a table, which takes no longer the nearer a guess comes. Fast,
/// for with every request it is asked what is known of who sends it, and of what it asks for.
public struct Fingerprints: Sendable {
    private let key: [UInt8]

    /// With a key of its own: the same secret has another fingerprint elsewhere.
    public init() throws(SecretsError) {
        try Sodium.start()
        var key = [UInt8](repeating: 0, count: Int(crypto_shorthash_siphashx24_KEYBYTES))
        randombytes_buf(&key, key.count)
        self.key = key
    }

    /// The fingerprint of a password of somebody.
    public func fingerprint(of password: Password, _ whose: String) -> Fingerprint {
        fingerprint(of: whose + "\0" + password.text)
    }

    /// The fingerprint of a text.
    public func fingerprint(of text: String) -> Fingerprint {
        Array(text.utf8).withUnsafeBytes(fingerprint)
    }

    /// The fingerprint of bytes.
    public func fingerprint(of bytes: UnsafeRawBufferPointer) -> Fingerprint {
        var digest: (high: UInt64, low: UInt64) = (0, 0)
        let message = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        withUnsafeMutablePointer(to: &digest) { digest in
            _ = crypto_shorthash_siphashx24(
                UnsafeMutableRawPointer(digest).assumingMemoryBound(to: UInt8.self), message, UInt64(bytes.count), key)
        }
        return Fingerprint(high: digest.high, low: digest.low)
    }
}
