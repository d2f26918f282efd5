/// The bytes of a document while they are read, and places in it.
struct Text {
    /// `JSON` or `YAML`, for errors.
    let format: String
    /// The document without its byte order mark.
    let bytes: UnsafeBufferPointer<UInt8>

    /// Refuses a document of more than `limits.bytes`.
    init(format: String, bytes: UnsafeBufferPointer<UInt8>, limits: Limits) throws(FormatError) {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        self.format = format
        self.bytes = hasMark ? UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) : bytes
        guard bytes.count <= limits.bytes else {
            throw error(at: 0, limits.bytesMessage)
        }
    }

    /// An error at a byte.
    func error(at offset: Int, _ message: String) -> FormatError {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { !Self.continues($0) } + 1
        return FormatError(format: format, message: message, line: line, column: column)
    }

    /// Some bytes, as an error shows them.
    func excerpt(_ range: Range<Int>) -> String {
        Self.excerpt(String(decoding: bytes[range].prefix(200), as: UTF8.self))
    }

    /// A text, as an error shows it: on one line, cut after 40 characters.
    static func excerpt(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < 40 else { return shown + "…" }
            let isControl = scalar.properties.generalCategory == .control
            shown += isControl ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return shown
    }

    /// The byte at which the character of that index begins.
    func offset(ofCharacter index: Int) -> Int {
        var rest = index
        for (offset, byte) in bytes.enumerated() where !Self.continues(byte) {
            if rest == 0 { return offset }
            rest -= 1
        }
        return bytes.count
    }

    /// The error for the first bytes that are no UTF-8 (RFC 3629); nil if all are.
    func encodingError() -> FormatError? {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded): offset += encoded.count
            case .emptyInput: return nil
            case .error:
                let byte = String(bytes[offset], radix: 16, uppercase: true)
                return error(at: offset, "byte 0x\(byte) is not valid UTF-8; expected text in UTF-8")
            }
        }
    }

    /// Whether a byte of UTF-8 continues a character.
    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
