/// Where the audit log was cut off: the last row that was forgotten, and its hash, which the first one that is left follows.
///
/// A row of the log itself says so, as its subject: `rows to 1041, 9f86d0…`.
struct AuditCut: Hashable, CustomStringConvertible {
    let number: Int
    let hash: [UInt8]

    static let action = "shorten"

    init(number: Int, hash: [UInt8]) {
        self.number = number
        self.hash = hash
    }

    init?(_ text: String?) {
        guard let text, text.hasPrefix("rows to ") else { return nil }
        let parts = text.dropFirst("rows to ".count).split(separator: ", ", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), parts[1].utf8.count == 64 else { return nil }
        let digits = Array(parts[1])
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        guard bytes.count == 32 else { return nil }
        self.init(number: number, hash: bytes)
    }

    var description: String { "rows to \(number), \(hash.hexadecimal)" }
}
