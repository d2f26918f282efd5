import Cascade
import HashTreeCollections
import Synchronization
import Tree

/// Remembers what folders hand down.
///
/// What is remembered of a folder is current as long as its common is the same object and its parent hands down the
/// same object: a change forgets nothing and walks nowhere, it makes what hangs on it stale.
final class Inheritances: Sendable {
    private struct Memory {
        let common: Layer
        let parent: Inheritance?
        let inheritance: Inheritance
    }

    /// Persistent, for with every change there is another that has most of it.
    private let memories: Mutex<TreeDictionary<EntryID, Memory>>

    init() {
        memories = Mutex([:])
    }

    /// Begins with what another remembers, so that a check of what may be refused disturbs no reader.
    init(_ other: Inheritances) {
        memories = Mutex(other.memories.withLock { $0 })
    }

    /// What `folder` hands down, given what its parent does; nil for the root's parent.
    func inheritance(of folder: Entry, below parent: Inheritance?) -> Inheritance {
        let known = memories.withLock { $0[folder.id] }
        if let known, known.common === folder.layer, known.parent === parent { return known.inheritance }
        let inheritance = parent?.entering(folder.layer) ?? Inheritance(root: folder.layer)
        let memory = Memory(common: folder.layer, parent: parent, inheritance: inheritance)
        memories.withLock { $0[folder.id] = memory }
        return inheritance
    }

    /// Remembers what the folder at a place, and all below it, hand down. It stays, so that it is made by one core and apart
    /// from what is made to be thrown away: scattered among that, it would keep that memory from being given back.
    func remember(_ place: Path, in tree: Hierarchy) {
        guard let node = tree[place], node.entry.kind == .folder else { return }
        remember(node, below: place.parent.flatMap { tree.inheritance(of: $0, self) })
    }

    private func remember(_ folder: Node, below parent: Inheritance?) {
        let inheritance = inheritance(of: folder.entry, below: parent)
        guard folder.holdsFolders else { return }
        for child in folder.sortedChildren where child.entry.kind == .folder { remember(child, below: inheritance) }
    }

    /// Forgets an entry that is no more.
    func forget(_ id: EntryID) {
        _ = memories.withLock { $0.removeValue(forKey: id) }
    }
}
