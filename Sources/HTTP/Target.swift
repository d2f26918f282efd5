/// The path of a request, as sent and as its decoded segments.
struct Target {
    /// As sent, without the query.
    let path: String
    let segments: [String]

    /// Reads a path; nil if it does not begin with `/`, or a segment is empty, `.`, `..`, malformed, or holds an
    /// encoded `/` or NUL, all of which could make two readers see two different paths. One slash at the end is allowed.
    ///
    /// The absolute form `http://host/path`, which servers must take (RFC 9112 §3.2.2), is read as its path.
    init?(_ sent: UnsafeBufferPointer<UInt8>) {
        let bytes = sent.first == Target.slash ? sent : Target.origin(of: sent)
        guard bytes.first == Target.slash else { return nil }
        path = String(decoding: bytes, as: UTF8.self)
        var segments: [String] = []
        segments.reserveCapacity(8)
        var start = 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: Target.slash) ?? bytes.count
            guard let segment = Target.segment(UnsafeBufferPointer(rebasing: bytes[start..<end])) else { return nil }
            segments.append(segment)
            start = end + 1
        }
        self.segments = segments
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

    /// What follows the host in an absolute form; anything else as it is.
    private static func origin(of sent: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        for scheme in ["http://", "https://"] where scheme.utf8.elementsEqual(sent.prefix(scheme.utf8.count)) {
            let path = sent.dropFirst(scheme.utf8.count).drop { $0 != slash }
            return path.isEmpty ? UnsafeBufferPointer(rebasing: sent.suffix(0)) : UnsafeBufferPointer(rebasing: path)
        }
        return sent
    }
}
