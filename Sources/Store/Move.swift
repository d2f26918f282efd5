public import Tree

/// A time at which an entry came to stand somewhere, stayed there with another definition, or went.
public struct Move: Hashable, Sendable {
    public let revision: Int
    /// Where the entry stands from then on; nil if it is no more.
    public let path: Path?

    public init(revision: Int, path: Path?) {
        self.revision = revision
        self.path = path
    }
}
