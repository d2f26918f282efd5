import CMicroHTTPD

/// The path, headers and queries of a request, copied out of libmicrohttpd's memory in one pass.
///
/// They lie in one piece of memory, whatever the request carries, and a text is made only of what somebody asks for.
final class Fields: @unchecked Sendable {
    /// The path, then each field. Written by `init` only, hence safe to read from any thread.
    private var memory: FieldMemory
    /// The path as sent.
    private let sent: Range<Int>
    /// The path as `Target` reads it; nil if it is malformed.
    private let place: Range<Int>?
    private(set) var hasQueries = false
    /// Whether a query was no percent-encoded UTF-8.
    private(set) var hasBadQuery = false
    /// Whether a header's name was no token (RFC 9110 §5.1), such as one with a space before its colon.
    private(set) var hasBadName = false

    /// Of a path alone, with room for so many bytes of fields.
    init(_ path: UnsafeRawBufferPointer, room: Int = 0) {
        var memory = FieldMemory(capacity: path.count + room)
        sent = memory.append(path)
        switch Target.place(of: path) {
        case .sent(let count): place = 0..<count
        case .decoded(let bytes): place = bytes.withUnsafeBytes { memory.append($0) }
        case nil: place = nil
        }
        memory.begin()
        self.memory = memory
    }

    /// Copies the fields of the request at hand; to be called on the connection's worker.
    convenience init(_ path: UnsafeRawBufferPointer, of connection: OpaquePointer) {
        self.init(path, room: headwater_head_size(connection))
        headwater_each_field(connection, onField, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        memory.free()
    }

    var path: String { text(memory[sent]) }

    /// Whether the path is one that two readers read alike.
    var hasPlace: Bool { place != nil }

    /// The bytes of the path, decoded: a slash before each segment, none at the end.
    func withPlace<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(memory[place ?? 0..<0])
    }

    /// The value of the first header of that name; names differ by more than case.
    func header(_ name: String) -> String? { withHeader(name, text) }

    /// The same, as bytes.
    func withHeader<Result>(_ name: String, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        try memory.first { $0.isHeader(name) }.map { try body($0.value.withoutSpaceAtEnd) }
    }

    /// The same with the white space at its end, which libmicrohttpd takes for a part of the value.
    func exactHeader(_ name: String) -> String? {
        memory.first { $0.isHeader(name) }.map { text($0.value) }
    }

    /// How many headers have that name.
    func count(_ name: String) -> Int {
        var count = 0
        memory.forEach { if $0.isHeader(name) { count += 1 } }
        return count
    }

    /// Whether a header's name begins with that name and goes on: so libmicrohttpd shows a header that is folded.
    func hasLonger(_ name: String) -> Bool {
        memory.first { $0.isHeader && $0.name.count > name.utf8.count && $0.name.begins(with: name) } != nil
    }

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        memory.forEach { if $0.isHeader { headers.append((text($0.name), text($0.value.withoutSpaceAtEnd))) } }
        return headers
    }

    var queries: [(name: String, value: String)] {
        var queries: [(name: String, value: String)] = []
        if hasQueries { memory.forEach { if !$0.isHeader { queries.append((text($0.name), text($0.value))) } } }
        return queries
    }

    /// The value of the first query of that name.
    func query(_ name: String) -> String? {
        guard hasQueries else { return nil }
        return memory.first { !$0.isHeader && $0.name.elementsEqual(name.utf8) }.map { text($0.value) }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// For `onField` only, while the object is made.
    func append(_ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        if kind == .HEADER_KIND {
            hasBadName = hasBadName || name.isEmpty || !name.allSatisfy(\.isTokenByte)
            memory.append(isHeader: true, name: name, value: value)
        } else {
            hasQueries = true
            guard let name = PercentEncoding.text(name), let value = PercentEncoding.text(value) else {
                hasBadQuery = true
                return
            }
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { memory.append(isHeader: false, name: name, value: $0) }
            }
        }
    }
}
