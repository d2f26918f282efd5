extension Text {
    private static let maximumDirectives = 64

    /// Refuses a YAML text with very many `%TAG` directives: libyaml compares each with all before it.
    func checkDirectives() throws(FormatError) {
        let name = Array("%TAG".utf8)
        var count = 0
        for (offset, byte) in bytes.enumerated() where byte == name[0] && bytes[offset...].starts(with: name) {
            guard offset == 0 || Self.endsLine(bytes[offset - 1]) else { continue }
            count += 1
            guard count <= Self.maximumDirectives else {
                let maximum = Self.maximumDirectives
                throw error(
                    at: offset, "the document has more than \(maximum) %TAG directives; expected at most \(maximum)")
            }
        }
    }

    /// Whether a byte may be the last of what libyaml takes for a line's end: LF, CR, U+0085, U+2028, U+2029.
    private static func endsLine(_ byte: UInt8) -> Bool {
        [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains(byte)
    }
}
