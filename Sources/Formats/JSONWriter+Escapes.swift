/// What JSON asks to be escaped (RFC 8259 §7), and what YAML loaders misread where it stands raw in a JSON text that they
/// are given: DEL and the C1 controls, the line and paragraph separators, U+FFFE and U+FFFF (YAML 1.2 §5.1, §5.4).
extension JSONWriter {
    static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x08: bytes += "\\b".utf8
        case 0x09: bytes += "\\t".utf8
        case 0x0A: bytes += "\\n".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0x0D: bytes += "\\r".utf8
        default: appendCode(UInt16(byte), to: &bytes)
        }
    }

    /// Writes `\uXXXX`.
    static func appendCode(_ code: UInt16, to bytes: inout [UInt8]) {
        let digits = String(code, radix: 16)
        bytes += "\\u".utf8
        bytes += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        bytes += digits.utf8
    }

    /// The code of a character that begins at `index` and is better not left raw, and its length in bytes.
    static func unreadable(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (code: UInt16, length: Int)? {
        func byte(_ offset: Int) -> UInt8 { index + offset < text.count ? text[index + offset] : 0 }
        switch (text[index], byte(1), byte(2)) {
        case (0xC2, 0x80...0x9F, _): return (UInt16(byte(1)), 2)
        case (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9): return (0x2028 + UInt16(byte(2) - 0xA8), 3)
        case (0xEF, 0xBF, 0xBE), (0xEF, 0xBF, 0xBF): return (0xFFFE + UInt16(byte(2) - 0xBE), 3)
        default: return nil
        }
    }
}
