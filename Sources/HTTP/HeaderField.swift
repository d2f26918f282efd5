/// What may stand in a header (RFC 9110 §5).
enum HeaderField {
    /// Whether a text is a token, as a header's name must be.
    static func isName(_ text: String) -> Bool {
        all(of: text) { $0.isTokenByte }
    }

    /// Whether two texts are the same name, in whatever case.
    static func isSame(_ name: String, _ other: String) -> Bool {
        name.utf8.count == other.utf8.count
            && zip(name.utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// A text that can be a header's value: each control character but the tab is replaced by a space.
    static func safe(_ text: String) -> String {
        guard !all(of: text, { !isControl($0) }) else { return text }
        return String(decoding: text.utf8.map { isControl($0) ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    /// Whether some bytes can be a header's value.
    static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool { !bytes.contains(where: isControl) }

    @inline(__always)
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f
    }

    /// Looks at the bytes in place: every answer's headers pass here.
    @inline(__always)
    private static func all(of text: String, _ isGood: (UInt8) -> Bool) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isGood) } ?? text.utf8.allSatisfy(isGood)
    }
}

extension UInt8 {
    /// Whether the byte may stand in a URI (RFC 3986 §2), a fragment aside: letters, digits and `-._~!$&'()*+,;=:/?@[]%`.
    var isURIByte: Bool {
        let word: UInt64 = self < 64 ? 0xafff_fff2_0000_0000 : self < 128 ? 0x47ff_fffe_afff_ffff : 0
        return (word &>> UInt64(self & 63)) & 1 == 1
    }

    /// Whether the byte may stand in a token: letters, digits, and ``!#$%&'*+-.^_`|~`` (RFC 9110 §5.6.2).
    ///
    /// Asked of every byte of every header's name, so the answer is a bit in one of two words: bytes 0 to 63, 64 to 127.
    var isTokenByte: Bool {
        // Most are letters.
        if (self | 0x20) &- UInt8(ascii: "a") < 26 { return true }
        let word: UInt64 = self < 64 ? 0x03ff_6cfa_0000_0000 : self < 128 ? 0x57ff_ffff_c7ff_fffe : 0
        return (word &>> UInt64(self & 63)) & 1 == 1
    }
}
