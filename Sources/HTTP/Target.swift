/// The target of a request, and its path.
enum Target {
    /// A target as it was sent, query and all.
    struct Sent {
        /// Bytes of it, up to a NUL.
        let count: Int
        /// Whether there is none in it that no URI has.
        let isValid: Bool

        static let none = Sent(count: 0, isValid: false)
    }

    /// The part of a request's target that is its path; nil if it has none. The absolute form `http://host/path`, which
    /// servers must take (RFC 9112 §3.2.2), is read as its path.
    static func path(of sent: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard sent.first != slash else { return sent }
        for scheme in ["http://", "https://"] as [StaticString] where sent.begins(with: scheme) {
            let rest = sent.dropFirst(scheme.utf8CodeUnitCount)
            let path = rest.drop { $0 != slash }
            let authority = UnsafeRawBufferPointer(rebasing: rest[..<path.startIndex])
            guard !authority.isEmpty, Authority.isValid(authority) else { return nil }
            return path.isEmpty ? root : UnsafeRawBufferPointer(rebasing: path)
        }
        return nil
    }

    /// What an absolute target without a path stands for (RFC 9110 §4.2.3).
    private static var root: UnsafeRawBufferPointer {
        let bytes: StaticString = "/"
        return UnsafeRawBufferPointer(start: bytes.utf8Start, count: bytes.utf8CodeUnitCount)
    }

    /// A path, decoded: a slash before each segment and none at the end, so that it stands for these segments alone.
    enum Place {
        /// The first bytes of what was sent, so many.
        case sent(Int)
        case decoded([UInt8])
    }

    /// What a path means; nil if it does not begin with `/`, or a segment is empty, `.`, `..`, malformed, or holds an
    /// encoded `/` or NUL, all of which could make two readers see two different paths. One slash at the end is allowed.
    static func place(of path: UnsafeRawBufferPointer) -> Place? {
        guard path.first == slash else { return nil }
        // Most are plain, and need no more than a look.
        let isPlain = path.reduce(0, |) < 0x80 && path.firstIndex(of: UInt8(ascii: "%"), from: 0) == path.count
        guard isPlain else { return decoded(path) }
        let end = path.last == slash ? path.count - 1 : path.count
        var start = 1
        while start <= end {
            let next = min(path.firstIndex(of: slash, from: start), end)
            guard isSegment(UnsafeRawBufferPointer(rebasing: path[start..<next])) else { return nil }
            start = next + 1
        }
        return .sent(end)
    }

    private static func decoded(_ path: UnsafeRawBufferPointer) -> Place? {
        var segments = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
        if segments.last?.isEmpty == true { segments.removeLast() }
        var place: [UInt8] = []
        for segment in segments {
            guard let text = PercentEncoding.text(segment), !text.utf8.contains(slash),
                Array(text.utf8).withUnsafeBytes(isSegment)
            else { return nil }
            place += [slash] + text.utf8
        }
        return .decoded(place)
    }

    private static func isSegment(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch bytes.count {
        case 0: false
        case 1: bytes[0] != dot
        case 2: bytes[0] != dot || bytes[1] != dot
        default: true
        }
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
}
