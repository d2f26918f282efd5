import CMicroHTTPD

/// The path, headers and queries of a request, copied out of libmicrohttpd's memory in one pass.
///
/// They lie in one piece of memory, whatever the request carries, and a text is made only of what somebody asks for.
@usableFromInline
final class Fields: Sendable {
    private let copy: Copy

    struct Copy {
        fileprivate var memory: FieldMemory
        /// The path as sent.
        fileprivate let path: Range<Int>
        /// The path as `Target` reads it; nil if it is malformed.
        fileprivate let place: Range<Int>?
        fileprivate var headerCount = 0
        fileprivate var hasQueries = false
        fileprivate var hasBadQuery = false
        fileprivate var hasBadName = false
        fileprivate var hasBadValue = false
        fileprivate var hasGoodTarget = true
        fileprivate var hasBadLine = false
    }

    /// What `onField` fills, and what it passes on the way.
    struct Reading {
        fileprivate var copy: Copy
        fileprivate var lines: HeadLines

        mutating func take(_ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
            if kind == .HEADER_KIND { lines.take(name: name, value: value) }
            copy.append(kind, name: name, value: value)
        }
    }

    /// Of a path alone.
    init(_ path: UnsafeRawBufferPointer) {
        copy = Copy(path, room: 0)
    }

    /// Copies the fields of the request at hand; to be called on the connection's worker.
    init(_ request: Request, _ target: Target.Sent) {
        var copy = Copy(
            request.path ?? UnsafeRawBufferPointer(start: nil, count: 0), room: headwater_head_size(request.connection))
        copy.hasGoodTarget = target.isValid
        var reading = Reading(copy: copy, lines: HeadLines(request, targetCount: target.count))
        withUnsafeMutablePointer(to: &reading) { headwater_each_field(request.connection, onField, $0) }
        reading.copy.hasBadLine = !reading.lines.areSound
        self.copy = reading.copy
    }

    deinit {
        copy.memory.free()
    }

    var headerCount: Int { copy.headerCount }
    var hasQueries: Bool { copy.hasQueries }
    /// Whether a query was no percent-encoded UTF-8.
    var hasBadQuery: Bool { copy.hasBadQuery }
    /// Whether a header's name was no token (RFC 9110 §5.1), such as one with a space before its colon.
    var hasBadName: Bool { copy.hasBadName }
    /// Whether a header's value holds a control character (RFC 9110 §5.5).
    var hasBadValue: Bool { copy.hasBadValue }
    /// Whether a line was folded, not ended by CRLF, or holds a NUL.
    var hasBadLine: Bool { copy.hasBadLine }
    /// Whether there is no byte in the target that no URI has.
    var hasGoodTarget: Bool { copy.hasGoodTarget }

    var path: String { text(copy.memory[copy.path]) }

    /// The bytes of the path, decoded: a slash before each segment, none at the end. Nil if it is none that two readers
    /// read alike. As long as the object lives.
    @usableFromInline
    var place: UnsafeRawBufferPointer? { copy.place.map { copy.memory[$0] } }

    /// The bytes of the value of the first header of that name; names differ by more than case. As long as the object lives.
    @usableFromInline
    func value(of name: StaticString) -> UnsafeRawBufferPointer? {
        copy.memory.first { $0.isHeader(name) }?.value.withoutSpaceAtEnd
    }

    func header(_ name: StaticString) -> String? { value(of: name).map(text) }

    /// The same with the white space at its end, which libmicrohttpd takes for a part of the value.
    func exactHeader(_ name: StaticString) -> String? {
        copy.memory.first { $0.isHeader(name) }.map { text($0.value) }
    }

    /// How many headers have that name.
    func count(_ name: StaticString) -> Int {
        var count = 0
        copy.memory.forEach { if $0.isHeader(name) { count += 1 } }
        return count
    }

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        copy.memory.forEach { if $0.isHeader { headers.append((text($0.name), text($0.value.withoutSpaceAtEnd))) } }
        return headers
    }

    var queries: [(name: String, value: String)] {
        var queries: [(name: String, value: String)] = []
        if hasQueries { copy.memory.forEach { if !$0.isHeader { queries.append((text($0.name), text($0.value))) } } }
        return queries
    }

    /// The name of a query that is given twice, so that two readers could believe different ones.
    var repeatedQuery: String? {
        guard hasQueries else { return nil }
        var names: Set<String> = []
        return queries.first { !names.insert($0.name).inserted }?.name
    }

    /// The value of the query of that name.
    func query(_ name: String) -> String? {
        guard hasQueries else { return nil }
        return copy.memory.first { !$0.isHeader && $0.name.isSame(as: name) }.map { text($0.value) }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension Fields.Copy {
    fileprivate init(_ path: UnsafeRawBufferPointer, room: Int) {
        memory = FieldMemory(capacity: path.count + room)
        self.path = memory.append(path)
        switch Target.place(of: path) {
        case .sent(let count): place = 0..<count
        case .decoded(let bytes): place = memory.append(bytes)
        case nil: place = nil
        }
        memory.begin()
    }

    mutating func append(_ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        if kind == .HEADER_KIND {
            headerCount += 1
            hasBadName = hasBadName || name.isEmpty || !name.allSatisfy(\.isTokenByte)
            hasBadValue = hasBadValue || !HeaderField.isValue(value)
            memory.append(isHeader: true, name: name, value: value)
        } else {
            hasQueries = true
            guard let name = PercentEncoding.text(name), let value = PercentEncoding.text(value) else {
                hasBadQuery = true
                return
            }
            memory.append(isHeader: false, name: Array(name.utf8), value: Array(value.utf8))
        }
    }
}
