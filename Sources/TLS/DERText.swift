/// Texts in DER (X.690).
enum DERText {
    /// UTF8String, PrintableString, IA5String (X.680 §8.6), each of which Swift reads as UTF-8.
    private static let tags: Set<UInt8> = [0x0c, 0x13, 0x16]

    /// The text that fills these bytes from the first to the last; nil if they hold anything else.
    static func read(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 2, tags.contains(bytes[0]) else { return nil }
        var start = 2
        var count = Int(bytes[1])
        if count >= 0x80 {
            // The long form: the low bits say how many bytes hold the length. Two are enough for what is read here.
            let width = count & 0x7f
            guard (1...2).contains(width), bytes.count >= 2 + width else { return nil }
            count = bytes[2..<2 + width].reduce(0) { $0 << 8 | Int($1) }
            start += width
        }
        guard bytes.count - start == count else { return nil }
        return String(validating: bytes[start...], as: UTF8.self)
    }
}
