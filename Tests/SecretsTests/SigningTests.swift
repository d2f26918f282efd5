import Testing

@testable import Secrets

@Suite("Signatures")
struct SigningTests {
    /// Bytes from hexadecimal digits.
    private func bytes(_ digits: String) -> [UInt8] {
        var digits = Substring(digits)
        var bytes: [UInt8] = []
        while let byte = UInt8(digits.prefix(2), radix: 16) {
            bytes.append(byte)
            digits = digits.dropFirst(2)
        }
        return bytes
    }

    @Test("are those of RFC 8032 §7.1, test 2")
    func vector() throws {
        let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
        let key = try #require(SigningKey(seed: seed))
        #expect(
            key.verificationKey.bytes == bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
        let signature = key.signature(of: [0x72])
        #expect(
            signature
                == bytes(
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"))
        #expect(key.verificationKey.verifies(signature, of: [0x72]))
    }

    @Test("do not hold for another message, with another bit, of another length or by another key")
    func others() throws {
        let key = try SigningKey()
        let message: [UInt8] = Array("who is asking".utf8)
        let signature = key.signature(of: message)
        #expect(key.verificationKey.verifies(signature, of: message))
        #expect(!key.verificationKey.verifies(signature, of: message + [0]))
        for bit in 0..<(signature.count * 8) {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.verificationKey.verifies(changed, of: message))
        }
        for length in [0, 1, 63, 65] {
            let other = Array((signature + [0]).prefix(length))
            #expect(!key.verificationKey.verifies(other, of: message))
        }
        #expect(!(try SigningKey()).verificationKey.verifies(signature, of: message))
    }

    @Test("are not made or read with keys of another length, and keys that sign show themselves nowhere")
    func keys() throws {
        #expect(SigningKey(seed: [1, 2, 3]) == nil)
        #expect(VerificationKey([UInt8](repeating: 0, count: 31)) == nil)
        let key = try SigningKey()
        #expect("\(key)" == "SigningKey(hidden)" && String(reflecting: key) == "SigningKey(hidden)")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }
}
