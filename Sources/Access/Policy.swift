import HashTreeCollections
import OrderedCollections
public import Tree

/// All that `access` says in a tree: the entries that have one, and the folders above these.
///
/// Persistent: a change copies the way to it and shares the rest.
public struct Policy: Sendable {
    let root: Stage

    /// An entry that has an `access`, or a folder above one.
    final class Stage: Sendable {
        let grant: Grant?
        let below: TreeDictionary<String, Stage>

        init(_ grant: Grant?, _ below: TreeDictionary<String, Stage> = [:]) {
            self.grant = grant
            self.below = below
        }

        /// This stage with the grant at `way` below it replaced; nil if nothing is left of it.
        func setting(_ grant: Grant?, at way: ArraySlice<String>) -> Stage? {
            var next = self
            if let segment = way.first {
                let known = below[segment]
                if known == nil, grant == nil { return self }
                var below = below
                below[segment] = (known ?? Stage(nil)).setting(grant, at: way.dropFirst())
                next = Stage(self.grant, below)
            } else {
                if grant == self.grant { return self }
                next = Stage(grant, below)
            }
            return next.grant == nil && next.below.isEmpty ? nil : next
        }
    }

    /// Of a tree in which nobody but superusers may do anything.
    public init() {
        root = Stage(nil)
    }

    private init(_ root: Stage) {
        self.root = root
    }

    /// What `access` says in a tree.
    public init(_ tree: Hierarchy) {
        var entries: [Entry] = []
        tree.root.walk { if $0.entry.layer["access"] != nil { entries.append($0.entry) } }
        self.init(entries)
    }

    /// What `access` says in the tree that these entries make.
    public init(_ entries: [Entry]) {
        var policy = Policy()
        for entry in entries {
            if let grant = Grant(access: entry.layer["access"]) { policy = policy.setting(grant, at: entry.path) }
        }
        self = policy
    }

    /// This policy with what is said at an entry replaced; nil: nothing is said there any more.
    public func setting(_ grant: Grant?, at path: Path) -> Policy {
        Policy(root.setting(grant, at: path.segments[...]) ?? Stage(nil))
    }

    /// Calls `body` with each grant on the way from the root to a place, which need not exist.
    @inline(__always)
    func onTheWay(to path: Path, _ body: (Grant) -> Void) {
        var stage = root
        if let grant = stage.grant { body(grant) }
        for segment in path.segments {
            guard let next = stage.below[segment] else { return }
            stage = next
            if let grant = stage.grant { body(grant) }
        }
    }

    /// What somebody of these names has been given on the way to a place.
    func footing(at path: Path, of names: [Key]) -> Footing {
        var footing = Footing()
        onTheWay(to: path) { footing.enter($0, as: names) }
        return footing
    }

    /// Whether the entry at a place has an `access`.
    public func says(at path: Path) -> Bool { stage(at: path)?.grant != nil }

    /// The stage at a place; nil if nothing is said there or below.
    func stage(at path: Path) -> Stage? {
        var stage = root
        for segment in path.segments {
            guard let next = stage.below[segment] else { return nil }
            stage = next
        }
        return stage
    }

    /// The places below one at which something is said, the nearest first.
    public func places(below path: Path) -> [Path] {
        var places: [Path] = []
        var open = stage(at: path).map { [($0, path)] } ?? []
        while let (stage, place) = open.popLast() {
            if stage.grant != nil, place != path { places.append(place) }
            for (segment, next) in stage.below {
                if let inner = try? place.appending(segment) { open.append((next, inner)) }
            }
        }
        return places.sorted()
    }
}
