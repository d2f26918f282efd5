/// Where an entry stands in the tree: `/` or `/seg/seg/…`.
///
/// A segment is a DNS label (RFC 1035 §2.3.1, relaxed by RFC 1123 §2.1): lower-case letters, digits and inner hyphens,
/// at most 63 characters. `common` is reserved: it addresses a folder's own definition.
///
/// A path that is made of its folder's shares that, so that a folder's path is held once for all that is in it.
public struct Path: Sendable {
    /// Nil for the root.
    private let place: Place?

    private final class Place: Sendable {
        let label: String
        /// Nil for the root.
        let folder: Place?

        init(_ label: String, in folder: Place?) {
            self.label = label
            self.folder = folder
        }

        /// Appends the labels from the root to this one.
        func append(to segments: inout [String]) {
            folder?.append(to: &segments)
            segments.append(label)
        }
    }

    /// The root folder, `/`.
    public static let root = Path(nil)

    /// The reserved name that addresses a folder's definition.
    public static let common = "common"

    /// The deepest an entry may stand.
    public static let maximumDepth = 32

    private init(_ place: Place?) {
        self.place = place
    }

    private init(unchecked segments: some Sequence<String>) {
        self.init(segments.reduce(nil) { Place($1, in: $0) })
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
        guard Path.isLabel(segment), segment != Path.common, depth < Path.maximumDepth else {
            let text = (isRoot ? "" : description) + "/" + segment
            try Path.check(segment, in: text)
            throw .tooDeep(text)
        }
        return Path(Place(segment, in: place))
    }

    /// The labels from the root to the entry; empty for the root.
    public var segments: [String] {
        var segments: [String] = []
        segments.reserveCapacity(depth)
        place?.append(to: &segments)
        return segments
    }

    /// The labels from the root to the entry, an ASCII character before each.
    func text(separator: UInt8) -> String {
        let length = labels.reduce(0) { $0 + 1 + $1.utf8.count }
        return String(unsafeUninitializedCapacity: length) { text in
            var start = length
            for label in labels {
                start -= label.utf8.count
                _ = UnsafeMutableBufferPointer(rebasing: text[start...]).initialize(from: label.utf8)
                start -= 1
                text.initializeElement(at: start, to: separator)
            }
            return length
        }
    }

    /// The labels from the entry up to the root; empty for the root.
    public var labels: some Sequence<String> {
        sequence(state: place) { place in
            defer { place = place?.folder }
            return place?.label
        }
    }

    /// The labels from the entry up to the root, joined by dots: `web.alice.so.courses`.
    public var hostname: String {
        let length = max(labels.reduce(0) { $0 + $1.utf8.count + 1 } - 1, 0)
        return String(unsafeUninitializedCapacity: length) { text in
            var end = 0
            for label in labels {
                if end > 0 {
                    text.initializeElement(at: end, to: UInt8(ascii: "."))
                    end += 1
                }
                end = text[end...].initialize(from: label.utf8).index
            }
            return end
        }
    }

    /// How many labels the path has.
    public var depth: Int { labels.reduce(0) { count, _ in count + 1 } }

    /// The last label; `/` for the root.
    public var name: String { place?.label ?? "/" }

    /// The folder that holds the entry; nil for the root.
    public var parent: Path? { place.map { Path($0.folder) } }

    public var isRoot: Bool { place == nil }

    /// Whether `other` is this path or stands below it.
    public func contains(_ other: Path) -> Bool {
        other.raised(to: depth) == self
    }

    /// The deepest path that contains both.
    public func ancestor(with other: Path) -> Path {
        let depth = min(depth, other.depth)
        var (one, two) = (raised(to: depth), other.raised(to: depth))
        var ancestor = one
        while let left = one.place, let right = two.place, left !== right {
            (one, two) = (Path(left.folder), Path(right.folder))
            if left.label != right.label { ancestor = one }
        }
        return ancestor
    }

    /// This path with its beginning `old` replaced by `new`; nil if it does not begin with `old` or would stand too deep.
    public func rebased(from old: Path, to new: Path) -> Path? {
        let rest = depth - old.depth
        guard old.contains(self), new.depth + rest <= Path.maximumDepth else { return nil }
        return Path(segments.suffix(rest).reduce(new.place) { Place($1, in: $0) })
    }

    /// The folder above of that depth; the path itself if it is no deeper.
    private func raised(to depth: Int) -> Path {
        var place = place
        for _ in 0..<max(self.depth - depth, 0) { place = place?.folder }
        return Path(place)
    }
}

extension Path: CustomStringConvertible {
    public var description: String {
        isRoot ? "/" : text(separator: UInt8(ascii: "/"))
    }
}

extension Path: Hashable {
    public static func == (left: Path, right: Path) -> Bool {
        var (one, two) = (left.place, right.place)
        while one !== two {
            guard let left = one, let right = two, left.label == right.label else { return false }
            (one, two) = (left.folder, right.folder)
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        for label in labels { hasher.combine(label) }
    }
}

/// Paths sort level by level, a folder before what it holds.
extension Path: Comparable {
    public static func < (left: Path, right: Path) -> Bool {
        if let one = left.place, let two = right.place, one.folder === two.folder { return one.label < two.label }
        let depths = (left.depth, right.depth)
        var (one, two) = (left.raised(to: depths.1).place, right.raised(to: depths.0).place)
        var isLess = depths.0 < depths.1
        while let left = one, let right = two, left !== right {
            if left.label != right.label { isLess = left.label < right.label }
            (one, two) = (left.folder, right.folder)
        }
        return isLess
    }
}
