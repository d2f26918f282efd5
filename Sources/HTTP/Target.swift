/// The path of a request.
enum Target {
    /// The part of a request's target that is its path. The absolute form `http://host/path`, which servers must take
    /// (RFC 9112 §3.2.2), is read as its path.
    static func path(of sent: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard sent.first != slash else { return sent }
        for scheme in ["http://", "https://"] where scheme.utf8.elementsEqual(sent.prefix(scheme.utf8.count)) {
            return UnsafeBufferPointer(rebasing: sent.dropFirst(scheme.utf8.count).drop { $0 != slash })
        }
        return sent
    }

    /// The decoded segments of a path; nil if it does not begin with `/`, or a segment is empty, `.`, `..`, malformed, or
    /// holds an encoded `/` or NUL, all of which could make two readers see two different paths. One slash at the end is
    /// allowed.
    static func segments(of path: UnsafeBufferPointer<UInt8>) -> [String]? {
        guard path.first == slash else { return nil }
        var segments: [String] = []
        segments.reserveCapacity(8)
        var start = 1
        while start < path.count {
            let end = path[start...].firstIndex(of: slash) ?? path.count
            guard let segment = segment(UnsafeBufferPointer(rebasing: path[start..<end])) else { return nil }
            segments.append(segment)
            start = end + 1
        }
        return segments
    }

    private static let slash = UInt8(ascii: "/")

    private static func segment(_ encoded: UnsafeBufferPointer<UInt8>) -> String? {
        // Most are plain; validating those is ten times as much work as reading them.
        let isPlain = encoded.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "%") }
        let text = isPlain ? String(decoding: encoded, as: UTF8.self) : PercentEncoding.text(encoded)
        guard let text, !text.isEmpty, text != ".", text != "..", isPlain || !text.utf8.contains(slash) else {
            return nil
        }
        return text
    }
}
