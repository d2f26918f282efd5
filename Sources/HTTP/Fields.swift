import CMicroHTTPD

/// The path, headers and queries of a request, copied out of libmicrohttpd's memory in one pass.
///
/// One array of bytes and one of positions, so that a request costs two allocations whatever it carries, and a text is
/// made only of what somebody asks for.
struct Fields: Sendable {
    private struct Entry {
        let isHeader: Bool
        let start: Int
        let middle: Int
        let end: Int
    }

    private var bytes: [UInt8] = []
    private let pathEnd: Int
    private var entries: [Entry] = []
    /// Whether a query was no percent-encoded UTF-8.
    private(set) var hasBadQuery = false
    /// Whether a header's name was no token (RFC 9110 §5.1), such as one with a space before its colon.
    private(set) var hasBadName = false

    /// Copies the fields of the request at hand; to be called on the connection's worker.
    init(_ path: UnsafeBufferPointer<UInt8>, of connection: OpaquePointer) {
        bytes.reserveCapacity(512)
        entries.reserveCapacity(16)
        bytes.append(contentsOf: path)
        pathEnd = path.count
        withUnsafeMutablePointer(to: &self) { headwater_each_field(connection, onField, $0) }
    }

    var path: String { text(bytes[..<pathEnd]) }

    /// The value of the first header of that name; names differ by more than case.
    func header(_ name: String) -> String? {
        entries.first { $0.isHeader && matches($0, name) }.map(value)
    }

    /// The same with the white space at its end, which libmicrohttpd takes for a part of the value.
    func exactHeader(_ name: String) -> String? {
        entries.first { $0.isHeader && matches($0, name) }.map { text(bytes[$0.middle..<$0.end]) }
    }

    /// How many headers have that name.
    func count(_ name: String) -> Int {
        entries.count { $0.isHeader && matches($0, name) }
    }

    /// Whether a header's name begins with that name and goes on: so libmicrohttpd shows a header that is folded.
    func hasLonger(_ name: String) -> Bool {
        entries.contains { $0.isHeader && $0.middle - $0.start > name.utf8.count && begins($0, name) }
    }

    var headers: [(name: String, value: String)] { pairs(isHeader: true) }
    var queries: [(name: String, value: String)] { pairs(isHeader: false) }

    /// The value of the first query of that name.
    func query(_ name: String) -> String? {
        entries.first { !$0.isHeader && bytes[$0.start..<$0.middle].elementsEqual(name.utf8) }.map(value)
    }

    private func pairs(isHeader: Bool) -> [(name: String, value: String)] {
        entries.filter { $0.isHeader == isHeader }.map { (text(bytes[$0.start..<$0.middle]), value($0)) }
    }

    /// White space around a header's value is none of it (RFC 9110 §5.5).
    private func value(_ entry: Entry) -> String {
        var value = bytes[entry.middle..<entry.end]
        while entry.isHeader, let last = value.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            value.removeLast()
        }
        return text(value)
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private func matches(_ entry: Entry, _ name: String) -> Bool {
        entry.middle - entry.start == name.utf8.count && begins(entry, name)
    }

    private func begins(_ entry: Entry, _ name: String) -> Bool {
        zip(bytes[entry.start..<entry.middle], name.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    mutating func append(_ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        let start = bytes.count
        if kind == .HEADER_KIND {
            hasBadName = hasBadName || name.isEmpty || !name.allSatisfy(\.isTokenByte)
            bytes.append(contentsOf: name)
            let middle = bytes.count
            bytes.append(contentsOf: value)
            entries.append(Entry(isHeader: true, start: start, middle: middle, end: bytes.count))
        } else {
            guard let name = PercentEncoding.text(name), let value = PercentEncoding.text(value) else {
                hasBadQuery = true
                return
            }
            bytes.append(contentsOf: name.utf8)
            let middle = bytes.count
            bytes.append(contentsOf: value.utf8)
            entries.append(Entry(isHeader: false, start: start, middle: middle, end: bytes.count))
        }
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
