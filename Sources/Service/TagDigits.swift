/// The 32 digits between the quotes of a document's entity tag, to be compared at once.
struct TagDigits: Hashable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Nil for any other text than a quote, 32 bytes and a quote.
    init?(_ tag: UnsafeRawBufferPointer) {
        let quote = UInt8(ascii: "\"")
        guard tag.count == 34, tag[0] == quote, tag[33] == quote else { return nil }
        first = tag.loadUnaligned(fromByteOffset: 1, as: UInt64.self)
        second = tag.loadUnaligned(fromByteOffset: 9, as: UInt64.self)
        third = tag.loadUnaligned(fromByteOffset: 17, as: UInt64.self)
        fourth = tag.loadUnaligned(fromByteOffset: 25, as: UInt64.self)
    }

    init?(_ tag: String) {
        guard let digits = Array(tag.utf8).withUnsafeBytes({ TagDigits($0) }) else { return nil }
        self = digits
    }
}
