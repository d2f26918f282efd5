public import OrderedCollections

/// One contribution to a fusion: where it was written, what was written, and in which revision.
///
/// A class, because every leaf of a computed definition refers to the layer it came from, and because the identity of
/// a layer tells whether anything it made is still current.
public final class Layer: Sendable {
    public let source: Source
    /// The revision that last wrote the definition; 0 for what was never written.
    public let revision: Int
    /// What does not fit the schema. Writing refuses such a layer; one may be there that another release wrote.
    public let misfits: [Problem]
    private let packed: Packed

    public init(source: Source, definition: Map = [:], revision: Int = 0) {
        self.source = source
        self.revision = revision
        misfits = Schema.problems(inLayer: definition)
        packed = Packed(definition)
    }

    /// What was written. It is unpacked each time: who asks for several keys takes it once.
    public var definition: Map { packed.map }

    /// How many bytes the definition takes, about.
    public var size: Int { packed.count }

    /// The value of one key of the definition, without the rest.
    public subscript(key: Key) -> Value? { packed[key] }

    /// Whether the other says the same.
    public func says(theSameAs other: Layer) -> Bool { self === other || packed == other.packed }

    /// Whether a text of the definition may hold a reference.
    public var holdsReference: Bool { packed.holdsReference }
}

/// The place that a layer was written at.
public struct Source: Hashable, Sendable {
    /// The entry.
    public let path: Path
    /// Whether the entry is a folder, so that the layer is its common.
    public let isCommon: Bool
    /// The prototype within that entry's `prototypes`, if the layer is one.
    public let prototype: String?

    public init(path: Path, isCommon: Bool, prototype: String? = nil) {
        self.path = path
        self.isCommon = isCommon
        self.prototype = prototype
    }

    /// The source of an entry's own definition.
    public init(path: Path, kind: Kind) {
        self.init(path: path, isCommon: kind == .folder)
    }
}

extension Source: CustomStringConvertible {
    /// `/courses/so/common`, `/courses/so/common (prototype web)`, `/courses/so/alice/web`.
    public var description: String {
        let place = isCommon ? (path.isRoot ? "/common" : "\(path)/common") : "\(path)"
        return prototype.map { "\(place) (prototype \($0))" } ?? place
    }
}
