import Secrets
import Testing

@Suite("A digest")
struct DigestTests {
    // Computed with coreutils: printf TEXT | b2sum -l 128
    @Test(
        "is the BLAKE2b-128 of the bytes in hexadecimal",
        arguments: [
            ("", "cae66941d9efbd404e4d88758ea67670"),
            ("abc", "cf4ab791c62b8d2b2109c90275287816"),
        ])
    func knownAnswers(_ text: String, _ expected: String) {
        #expect(Digest.etag(of: Array(text.utf8)) == expected)
    }

    @Test("is the same for bytes in an array and bytes in a buffer")
    func sources() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(bytes.withUnsafeBytes { Digest.etag(of: $0) } == Digest.etag(of: bytes))
    }

    @Test("differs when one bit does")
    func avalanche() {
        let bytes = [UInt8](repeating: 0, count: 64)
        let digests = (0..<512).map { bit in
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            return Digest.etag(of: changed)
        }
        #expect(Set(digests + [Digest.etag(of: bytes)]).count == 513)
    }
}
