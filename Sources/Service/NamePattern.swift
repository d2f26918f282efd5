/// A text that counts: `/lab/web-{001..040}` stands for forty, `/lab/web` for itself.
///
/// Numbers with a leading zero are filled to the width of the longer one, as bash does.
struct NamePattern: Sendable {
    private let head: Substring
    private let tail: Substring
    private let range: ClosedRange<Int>?
    private let width: Int

    init(_ text: String) throws(NamePatternError) {
        // Bytes first, for to tell characters apart takes much longer, and few names count.
        guard text.utf8.contains(UInt8(ascii: "{")), let open = text.firstIndex(of: "{") else {
            (head, tail, range, width) = (text[...], "", nil, 0)
            return
        }
        let rest = text[text.index(after: open)...]
        guard let close = rest.firstIndex(of: "}"), !rest[close...].contains("{") else {
            throw NamePatternError(text: text)
        }
        let bounds = rest[..<close].split(separator: "..", omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = NamePattern.number(bounds[0]), let last = NamePattern.number(bounds[1]),
            first <= last
        else { throw NamePatternError(text: text) }
        head = text[..<open]
        tail = rest[rest.index(after: close)...]
        range = first...last
        width = bounds.contains { $0.hasPrefix("0") } ? bounds.map(\.count).max() ?? 0 : 0
    }

    /// Up to nine digits, so that nothing that is counted overflows.
    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    var count: Int { range?.count ?? 1 }

    var names: [String] {
        guard let range else { return [String(head)] }
        return range.map { number in
            let digits = String(number)
            return head + String(repeating: "0", count: max(0, width - digits.count)) + digits + tail
        }
    }
}

/// Why a text does not count.
struct NamePatternError: Error, Hashable, CustomStringConvertible {
    let text: String

    var description: String { "\"\(text)\": expected one count of a lower to a higher number, such as web-{001..040}" }
}
