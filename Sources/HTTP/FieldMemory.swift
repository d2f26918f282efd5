import Glibc

/// Bytes, and after them the names and values of fields, one behind the other.
///
/// Arrays would say the same, and take more time to be made than to be filled: each request has one of these.
struct FieldMemory: @unchecked Sendable {
    /// Changed by nobody but who makes it; then read from any thread.
    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0
    /// Where the fields begin.
    private var first = 0

    /// A field, as long as the memory is.
    struct Field {
        private let start: UnsafeRawPointer
        private let mark: Mark

        @inline(__always)
        fileprivate init(at start: UnsafeRawPointer) {
            self.start = start
            mark = start.loadUnaligned(as: Mark.self)
        }

        var isHeader: Bool { mark.isHeader }

        var name: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: start + MemoryLayout<Mark>.size, count: mark.name)
        }

        var value: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: start + MemoryLayout<Mark>.size + mark.name, count: mark.value)
        }

        fileprivate var end: UnsafeRawPointer { start + MemoryLayout<Mark>.size + mark.name + mark.value }

        /// Whether it is a header of that name, in whatever case.
        @inline(__always)
        func isHeader(_ name: StaticString) -> Bool {
            isHeader && self.name.isName(name)
        }
    }

    /// Stands before each field.
    private struct Mark {
        let isHeader: Bool
        let name: Int
        let value: Int
    }

    /// Grows when that is not enough; so many fields have room besides.
    init(capacity: Int, fields: Int = 16) {
        self.capacity = capacity + fields * MemoryLayout<Mark>.size
        start = .allocate(byteCount: self.capacity, alignment: 1)
    }

    func free() { start.deallocate() }

    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count)
    }

    /// Says that what is appended from here on are fields.
    mutating func begin() { first = count }

    @discardableResult
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        reserve(bytes.count)
        take(bytes)
        return count - bytes.count..<count
    }

    mutating func append(isHeader: Bool, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        reserve(MemoryLayout<Mark>.size + name.count + value.count)
        (start + count).storeBytes(of: Mark(isHeader: isHeader, name: name.count, value: value.count), as: Mark.self)
        count += MemoryLayout<Mark>.size
        take(name)
        take(value)
    }

    mutating func append(_ bytes: [UInt8]) -> Range<Int> {
        bytes.withUnsafeBytes { append($0) }
    }

    mutating func append(isHeader: Bool, name: [UInt8], value: [UInt8]) {
        name.withUnsafeBytes { name in
            value.withUnsafeBytes { append(isHeader: isHeader, name: name, value: $0) }
        }
    }

    /// Copies what there is room for.
    @inline(__always)
    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if let source = bytes.baseAddress { memcpy(start + count, source, bytes.count) }
        count += bytes.count
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if more > capacity - count { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: 2 * capacity + more, alignment: 1)
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
        (start, capacity) = (larger, 2 * capacity + more)
    }
}

/// Its fields, one after the other.
extension FieldMemory: Sequence {
    /// As long as the memory is.
    struct Iterator: IteratorProtocol {
        private var position: UnsafeRawPointer
        private let end: UnsafeRawPointer

        @inline(__always)
        fileprivate init(from start: UnsafeRawPointer, to end: UnsafeRawPointer) {
            position = start
            self.end = end
        }

        @inline(__always)
        mutating func next() -> Field? {
            guard position < end else { return nil }
            let field = Field(at: position)
            position = field.end
            return field
        }
    }

    @inline(__always)
    func makeIterator() -> Iterator { Iterator(from: start + first, to: start + count) }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes begin with that text of ASCII, in whatever case.
    func begins(with text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount <= count, let baseAddress else { return false }
        // As most write it.
        if memcmp(baseAddress, text.utf8Start, text.utf8CodeUnitCount) == 0 { return true }
        for place in 0..<text.utf8CodeUnitCount
        where self[place].lowercasedASCII != text.utf8Start[place].lowercasedASCII { return false }
        return true
    }

    /// Whether these bytes are that name, in whatever case.
    @inline(__always)
    func isName(_ name: StaticString) -> Bool { count == name.utf8CodeUnitCount && begins(with: name) }

    /// Whether these bytes are that text.
    public func isSame(as text: String) -> Bool {
        guard text.utf8.count == count else { return false }
        var text = text
        return text.withUTF8 { text in
            // What is empty may be nowhere.
            guard let start = baseAddress, let other = text.baseAddress else { return true }
            return memcmp(start, other, count) == 0
        }
    }

    /// White space around a header's value is none of it (RFC 9110 §5.5).
    var withoutSpaceAtEnd: UnsafeRawBufferPointer {
        var end = count
        while end > 0, self[end - 1] == UInt8(ascii: " ") || self[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[..<end])
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
