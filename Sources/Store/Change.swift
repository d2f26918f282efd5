public import Tree

/// What a revision does to one entry.
public enum Change: Hashable, Sendable {
    /// The entry stands at `path` with this definition from now on: made, rewritten, or moved there.
    case set(id: EntryID, kind: Kind, path: Path, definition: Map)
    /// The entry, which stood at `path`, is no more.
    case remove(id: EntryID, path: Path)

    /// The entry that changes.
    public var id: EntryID {
        switch self {
        case .set(let id, _, _, _), .remove(let id, _): id
        }
    }

    /// Where the entry stands after the change, or stood before it was removed.
    public var path: Path {
        switch self {
        case .set(_, _, let path, _), .remove(_, let path): path
        }
    }
}
