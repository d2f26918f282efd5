/// Where an entry stands in the tree: `/` or `/seg/seg/…`.
///
/// A segment is a DNS label (RFC 1035 §2.3.1, relaxed by RFC 1123 §2.1): lower-case letters, digits and inner hyphens,
/// at most 63 characters. `common` is reserved: it addresses a folder's own definition.
public struct Path: Hashable, Sendable {
    /// The labels from the root to the entry; empty for the root.
    public let segments: [String]

    /// The root folder, `/`.
    public static let root = Path(unchecked: [])

    /// The reserved name that addresses a folder's definition.
    public static let common = "common"

    /// The deepest an entry may stand.
    public static let maximumDepth = 32

    init(unchecked segments: [String]) {
        self.segments = segments
    }

    /// Reads a path; one slash at the end is allowed.
    public init(_ text: String) throws(PathError) {
        // Bytes, for a slash with a combining mark after it is one character, and no slash.
        let slash = UInt8(ascii: "/")
        var rest = Substring(text).utf8
        guard rest.popFirst() == slash else { throw .notAbsolute(text) }
        guard !rest.isEmpty else {
            self = .root
            return
        }
        if rest.last == slash { rest.removeLast() }
        let segments = rest.split(separator: slash, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard segments.count <= Path.maximumDepth else { throw .tooDeep(text) }
        for segment in segments { try Path.check(segment, in: text) }
        self.init(unchecked: segments)
    }

    /// The path of a child.
    public func appending(_ segment: String) throws(PathError) -> Path {
        let text = description(appending: segment)
        try Path.check(segment, in: text)
        guard segments.count < Path.maximumDepth else { throw .tooDeep(text) }
        return Path(unchecked: segments + [segment])
    }

    /// The last label; `/` for the root.
    public var name: String { segments.last ?? "/" }

    /// The folder that holds the entry; nil for the root.
    public var parent: Path? {
        segments.isEmpty ? nil : Path(unchecked: Array(segments.dropLast()))
    }

    public var isRoot: Bool { segments.isEmpty }

    /// Whether `other` is this path or stands below it.
    public func contains(_ other: Path) -> Bool {
        other.segments.starts(with: segments)
    }

    /// The deepest path that contains both.
    public func ancestor(with other: Path) -> Path {
        Path(unchecked: zip(segments, other.segments).prefix { $0 == $1 }.map(\.0))
    }

    /// This path with its beginning `old` replaced by `new`; nil if it does not begin with `old` or would stand too deep.
    public func rebased(from old: Path, to new: Path) -> Path? {
        guard old.contains(self) else { return nil }
        let segments = new.segments + segments.dropFirst(old.segments.count)
        return segments.count <= Path.maximumDepth ? Path(unchecked: segments) : nil
    }

    private func description(appending segment: String) -> String {
        isRoot ? "/" + segment : description + "/" + segment
    }

    private static func check(_ segment: String, in path: String) throws(PathError) {
        guard segment != common else { throw .reserved(path) }
        guard isLabel(segment) else { throw .badSegment(segment, in: path, proposal: proposal(for: segment)) }
    }

    /// Whether `text` is a DNS label in lower case.
    public static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
    }

    /// A legal spelling near to a segment, or nil if nothing of it can be kept.
    private static func proposal(for segment: String) -> String? {
        var label = ""
        for scalar in segment.lowercased().unicodeScalars {
            if let byte = UInt8(exactly: scalar.value), isLetterOrDigit(byte) {
                label.unicodeScalars.append(scalar)
            } else if let plain = Path.transliterations[scalar] {
                label += plain
            } else if !label.isEmpty, !label.hasSuffix("-"), scalar.properties.generalCategory != .nonspacingMark {
                label += "-"
            }
        }
        label = String(label.prefix(63))
        while label.hasSuffix("-") { label.removeLast() }
        return label.isEmpty || label == common ? nil : label
    }

    private static let transliterations: [Unicode.Scalar: String] = [
        "á": "a", "à": "a", "â": "a", "ä": "ae", "ã": "a", "å": "a", "ç": "c", "é": "e", "è": "e", "ê": "e", "ë": "e",
        "í": "i", "ì": "i", "î": "i", "ï": "i", "ñ": "n", "ó": "o", "ò": "o", "ô": "o", "ö": "oe", "õ": "o", "ß": "ss",
        "ú": "u", "ù": "u", "û": "u", "ü": "ue", "ý": "y",
    ]

    private static let hyphen = UInt8(ascii: "-")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Path: CustomStringConvertible {
    public var description: String {
        segments.isEmpty ? "/" : segments.reduce(into: "") { $0 += "/" + $1 }
    }
}

/// Paths sort level by level, a folder before what it holds.
extension Path: Comparable {
    public static func < (left: Path, right: Path) -> Bool {
        left.segments.lexicographicallyPrecedes(right.segments)
    }
}

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
