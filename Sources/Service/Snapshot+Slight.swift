import Cascade
import HashTreeCollections
import OrderedCollections
import Tree

extension Snapshot {
    /// Whether an edit changes nothing but data of one folder that no machine's name, group or soundness hangs on, so
    /// that of the machines below only the broken ones, whose messages may quote it, have to be computed.
    ///
    /// That is so of a key that has no say in names, groups and the cascade, that no reference leads to or through, and
    /// that holds none before and after: each level's definition is checked where it is written, and levels that fit
    /// the schema fuse to what fits it.
    func isSlight(_ edit: Edit, _ inheritances: Inheritances) -> Bool {
        guard edit.written.count == 1, edit.removed.isEmpty, let path = edit.written.values.first?.path,
            let old = tree[path]?.entry, let new = edit.tree[path]?.entry, old.id == new.id, new.kind == .folder,
            let before = inheritance(of: path), let after = edit.tree.inheritance(of: path, inheritances),
            let keys = Snapshot.freeKeys(old.definition, new.definition, whole: after.replaces),
            !keys.contains(where: index.isTarget)
        else { return false }
        return keys.allSatisfy { !before.holdsReference(at: $0) && !after.holdsReference(at: $0) }
    }

    /// The keys whose values differ, two levels deep; nil if one of them may have a say in more than its own value.
    ///
    /// - Parameter isWhole: whether what is below a key comes and goes with it.
    private static func freeKeys(_ old: Map, _ new: Map, whole isWhole: (Key) -> Bool) -> [DottedPath]? {
        var keys: [DottedPath] = []
        for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
            guard free.contains(name) else { return nil }
            guard !isWhole(name), let former = old[name]?.map ?? (old[name] == nil ? [:] : nil),
                let present = new[name]?.map ?? (new[name] == nil ? [:] : nil)
            else {
                keys.append([name])
                continue
            }
            keys += Set(former.keys).union(present.keys).filter { former[$0] != present[$0] }.map { [name, $0] }
        }
        return keys
    }

    private static let free: Set<Key> = [
        "vars", "note", "salt", "puppet", "hardware", "nics", "limits", "boot", "autostart", "wanted",
    ]
}

extension Index {
    /// Whether a reference leads to a key, through it, or to what holds it.
    func isTarget(_ key: DottedPath) -> Bool {
        targets.contains { $0.keys.starts(with: key.keys) || key.keys.starts(with: $0.keys) }
    }
}

extension Inheritance {
    /// Whether the value at a key holds a reference, or the one in its place higher up.
    fileprivate func holdsReference(at key: DottedPath) -> Bool {
        var field = key.keys.first.flatMap { fields[$0] }
        for name in key.keys.dropFirst() {
            guard case .map(let fields) = field?.content else { break }
            field = fields[name]
        }
        return field?.holdsReference ?? false
    }
}
