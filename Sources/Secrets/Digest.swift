import CSodium

/// Fingerprints of bytes, by BLAKE2b (RFC 7693).
public enum Digest {
    /// The BLAKE2b-128 of a document as 32 hexadecimal digits: what stands between the quotes of a strong ETag.
    public static func etag(of bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { etag(of: $0) }
    }

    /// The BLAKE2b-128 of a document as 32 hexadecimal digits: what stands between the quotes of a strong ETag.
    public static func etag(of bytes: UnsafeRawBufferPointer) -> String {
        let digest = blake2b(bytes, size: 16)
        return String(unsafeUninitializedCapacity: 2 * digest.count) { text in
            for (index, byte) in digest.enumerated() {
                text[2 * index] = digit(byte >> 4)
                text[2 * index + 1] = digit(byte & 0xF)
            }
            return 2 * digest.count
        }
    }

    /// The BLAKE2b-256 of bytes.
    public static func blake2b256(of bytes: [UInt8]) -> [UInt8] { blake2b(bytes, size: 32) }

    static func blake2b(_ bytes: [UInt8], size: Int) -> [UInt8] {
        bytes.withUnsafeBytes { blake2b($0, size: size) }
    }

    /// Hashing needs no randomness: it works where libsodium could not be started.
    private static func blake2b(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        _ = Sodium.isReady
        var digest = [UInt8](repeating: 0, count: size)
        let message = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        crypto_generichash(&digest, size, message, UInt64(bytes.count), nil, 0)
        return digest
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
