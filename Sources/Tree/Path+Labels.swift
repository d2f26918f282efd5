/// What a label may be.
extension Path {
    /// Refuses what cannot name an entry.
    static func check(_ segment: String, in path: String) throws(PathError) {
        guard segment != common else { throw .reserved(path) }
        guard isLabel(segment) else { throw .badSegment(segment, in: path, proposal: proposal(for: segment)) }
    }

    /// Whether `text` is a DNS label in lower case.
    public static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
    }

    /// A legal spelling near to a segment, or nil if nothing of it can be kept.
    private static func proposal(for segment: String) -> String? {
        var label = ""
        for scalar in segment.lowercased().unicodeScalars {
            if let byte = UInt8(exactly: scalar.value), isLetterOrDigit(byte) {
                label.unicodeScalars.append(scalar)
            } else if let plain = Path.transliterations[scalar] {
                label += plain
            } else if !label.isEmpty, !label.hasSuffix("-"), scalar.properties.generalCategory != .nonspacingMark {
                label += "-"
            }
        }
        label = String(label.prefix(63))
        while label.hasSuffix("-") { label.removeLast() }
        return label.isEmpty || label == common ? nil : label
    }

    private static let transliterations: [Unicode.Scalar: String] = [
        "á": "a", "à": "a", "â": "a", "ä": "ae", "ã": "a", "å": "a", "ç": "c", "é": "e", "è": "e", "ê": "e", "ë": "e",
        "í": "i", "ì": "i", "î": "i", "ï": "i", "ñ": "n", "ó": "o", "ò": "o", "ô": "o", "ö": "oe", "õ": "o", "ß": "ss",
        "ú": "u", "ù": "u", "û": "u", "ü": "ue", "ý": "y",
    ]

    private static let hyphen = UInt8(ascii: "-")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
