/// Why a text is no path.
public enum PathError: Error, Hashable, Sendable, CustomStringConvertible {
    case notAbsolute(String)
    case tooDeep(String)
    case reserved(String)
    case badSegment(String, in: String, proposal: String?)

    public var description: String {
        switch self {
        case .notAbsolute(let text):
            return "\"\(text)\" is not a path: expected one that begins with /, such as /courses/so/web"
        case .tooDeep(let text):
            return "\(text): deeper than \(Path.maximumDepth) levels: expected a shorter path"
        case .reserved(let text):
            return "\(text): \"common\" is reserved for a folder's own definition and cannot name an entry"
        case .badSegment(let segment, let text, let proposal):
            let hint = proposal.map { "; \"\($0)\" would do" } ?? ""
            return segment.isEmpty
                ? "\(text): a segment is empty: expected single slashes between names"
                : "\(text): \"\(segment)\" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens\(hint)"
        }
    }
}
