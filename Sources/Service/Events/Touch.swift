import OrderedCollections
import Store
import Tree

/// What a revision did to one entry, without the definitions.
struct Touch: Hashable, Sendable {
    enum Kind: String, Sendable {
        case created, changed, moved, removed
    }

    let id: EntryID
    let path: Path
    /// Nil only where nothing is known of what was removed.
    let entry: Tree.Kind?
    let kind: Kind
    /// Where it stood before, if it moved.
    let from: Path?

    /// - Parameter before: the entry as it was; nil if it was not there.
    init(_ change: Change, before: Entry?) {
        id = change.id
        path = change.path
        switch change {
        case .set(_, let entry, let path, _):
            self.entry = entry
            from = before.flatMap { $0.path == path ? nil : $0.path }
            kind = before == nil ? .created : from == nil ? .changed : .moved
        case .remove:
            entry = before?.kind
            from = nil
            kind = .removed
        }
    }

    private init(_ touch: Touch, at path: Path, _ kind: Kind) {
        id = touch.id
        self.path = path
        entry = touch.entry
        self.kind = kind
        from = nil
    }

    /// The same for who sees some places only: what comes from a hidden one appears, and what goes to one vanishes.
    func seen(_ sees: (Path, _ isBefore: Bool) -> Bool) -> Touch? {
        let isSeen = sees(path, kind == .removed)
        guard let from else { return isSeen ? self : nil }
        return switch (isSeen, sees(from, true)) {
        case (true, true): self
        case (true, false): Touch(self, at: path, .created)
        case (false, true): Touch(self, at: from, .removed)
        case (false, false): nil
        }
    }

    var map: Map {
        var map: Map = ["path": .string("\(path)")]
        map["kind"] = entry.map { .string($0.rawValue) }
        map["change"] = .string(kind.rawValue)
        map["from"] = from.map { .string("\($0)") }
        return map
    }
}
