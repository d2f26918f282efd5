import Access
import HashTreeCollections
import OrderedCollections
import Store
import Tree

/// A value that needs trust is what those made it who have it. Whoever else writes at its level or above must not change what
/// it depends on.
extension Edit {
    /// Refuses changes by who has no trust where he makes them, if values that need it depend on them.
    func refuseInfluence(_ origins: [EntryID: Entry]) throws(ServiceError) {
        let dependencies = before.index.trustDependencies
        guard !dependencies.isEmpty else { return }
        var known = KnownTexts(tree: before.tree)
        let places = dependencies.values.sorted()
        for case .set(let id, _, let path, let definition) in changes.values where !standing.may(.trust, at: path) {
            let origin = origins[id].flatMap { $0.path == path ? $0.definition : nil }
            let touched = Touched.all(from: origin ?? [:], to: definition).filter(mayMatter)
            guard !touched.isEmpty else { continue }
            // Those that the author sees come first, so that he is told as much as he may know.
            let below = places.below(path)
            for place in below.filter(standing.sees) + below.filter({ !standing.sees($0) }) {
                let texts = TrustDependencies(known.levels(to: place))
                for touch in touched { try refuse(touch, at: path, by: place, texts) }
            }
        }
    }

    /// Whether something may be what a value that needs trust depends on, wherever that is.
    private func mayMatter(_ touched: Touched) -> Bool {
        before.index.isTarget(touched.key)
            || touched.value.map { value in
                CodeFlag.allCases.contains { $0.lets(value, at: touched.key) }
            } ?? false
    }

    private func refuse(
        _ touched: Touched, at path: Path, by place: Path, _ dependencies: TrustDependencies
    ) throws(ServiceError) {
        let refusal = standing.refusal(of: .trust, at: path)
        let source = before.tree[place].map { Source(path: place, kind: $0.entry.kind) }
        let level = standing.sees(place) ? source.map { " (from \($0))" } : nil
        switch dependencies.dependent(on: touched.key) {
        case .value(let key)?:
            let what = level.map { "\(key)\($0)" } ?? "a key that needs trust"
            throw .forbidden("\(refusal): \(what) depends on \(touched.place)")
        case .code(let flag)?:
            throw .forbidden(
                "\(refusal): \(touched.place) is part of code, which \(flag.key)\(level ?? "") lets through")
        case nil: break
        }
        guard let value = touched.value, let flag = dependencies.flags.first(where: { $0.lets(value, at: touched.key) })
        else { return }
        throw .forbidden("\(refusal): \(touched.place) could be code, which \(flag.key)\(level ?? "") lets through")
    }
}

/// The texts of levels, each looked for once.
private struct KnownTexts {
    let tree: Hierarchy
    private var known: [Path: ReferringTexts] = [:]

    init(tree: Hierarchy) {
        self.tree = tree
    }

    /// Those of the levels from the root to a place.
    mutating func levels(to place: Path) -> [ReferringTexts] {
        let way = Array(sequence(first: place) { $0.parent }).reversed()
        return way.map { path in
            if let texts = known[path] { return texts }
            let texts = ReferringTexts(tree[path]?.entry.definition ?? [:])
            // Of machines there may be many, and each is looked at once.
            if path != place { known[path] = texts }
            return texts
        }
    }
}

extension [Path] {
    /// Of sorted paths those at a place or below it.
    fileprivate func below(_ place: Path) -> ArraySlice<Path> {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < place { low = middle + 1 } else { high = middle }
        }
        return self[low...].prefix { place.contains($0) }
    }
}
