import Testing

@testable import TLS

@Suite("Texts in DER")
struct DERTextTests {
    @Test("a text is read whatever of the three kinds it is, in the short and in the long form of its length")
    func texts() {
        #expect(DERText.read([0x0c, 2, 0x61, 0x62]) == "ab")
        #expect(DERText.read([0x13, 1, 0x61]) == "a")
        #expect(DERText.read([0x16, 0x81, 1, 0x61]) == "a")
        #expect(DERText.read([0x0c, 0x82, 0x01, 0x00] + [UInt8](repeating: 0x61, count: 256))?.count == 256)
        #expect(DERText.read([0x0c, 0]) == "")
        #expect(DERText.read([0x0c, 3, 0x61, 0, 0x62]) == "a\0b")
    }

    @Test(
        "what is no text, or not one text from the first byte to the last, is none",
        arguments: [
            [], [0x0c], [0x0c, 2, 0x61], [0x0c, 1, 0x61, 0x62], [0x04, 1, 0x61], [0x1e, 2, 0, 0x61], [0x0c, 1, 0xff],
            [0x0c, 0x80], [0x0c, 0x81], [0x0c, 0x83, 0, 0, 1, 0x61], [0x0c, 0xff, 0x61], [0x30, 3, 0x0c, 1, 0x61],
        ] as [[UInt8]])
    func others(bytes: [UInt8]) {
        #expect(DERText.read(bytes) == nil)
    }
}
