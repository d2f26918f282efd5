/// The path of a request, as sent and as its decoded segments.
struct Target {
    /// As sent, without the query.
    let path: String
    let segments: [String]

    /// Reads a path; nil if it does not begin with `/`, or a segment is empty, `.`, `..`, malformed, or holds an
    /// encoded `/` or NUL, all of which could make two readers see two different paths. One slash at the end is allowed.
    ///
    /// The absolute form `http://host/path`, which servers must take (RFC 9112 §3.2.2), is read as its path.
    init?(_ sent: String) {
        path = Target.origin(of: sent)
        let bytes = path.utf8
        guard bytes.first == Target.slash else { return nil }
        var rest = bytes.dropFirst()
        if rest.last == Target.slash { rest.removeLast() }
        guard !rest.isEmpty else {
            guard bytes.count == 1 else { return nil }
            segments = []
            return
        }
        var segments: [String] = []
        segments.reserveCapacity(8)
        for encoded in rest.split(separator: Target.slash, omittingEmptySubsequences: false) {
            guard let segment = Target.segment(encoded) else { return nil }
            segments.append(segment)
        }
        self.segments = segments
    }

    private static let slash = UInt8(ascii: "/")

    private static func segment(_ encoded: Substring.UTF8View) -> String? {
        let text = encoded.contains(UInt8(ascii: "%")) ? PercentEncoding.text(encoded) : String(Substring(encoded))
        guard let text, !text.isEmpty, text != ".", text != "..", !text.utf8.contains(slash) else { return nil }
        return text
    }

    /// The path within an absolute form; any other text as it is.
    private static func origin(of sent: String) -> String {
        guard sent.utf8.first != slash else { return sent }
        for scheme in ["http://", "https://"] where sent.lowercased().hasPrefix(scheme) {
            let rest = sent.dropFirst(scheme.count)
            return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
        }
        return sent
    }
}
