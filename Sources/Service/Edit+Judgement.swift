import Access
import OrderedCollections
import Store
import Tree

/// Whether the one who makes an edit may make it: judged entry by entry, by what the tree said before, however the edit
/// came about.
extension Edit {
    /// What `access` says after the edit.
    var policy: Policy {
        var policy = standing.policy
        for entry in removed { policy = policy.setting(nil, at: entry.path) }
        for case .set(_, _, let path, let definition) in changes.values {
            policy = policy.setting(Grant(definition), at: path)
        }
        return policy
    }

    /// Refuses what the author may not do.
    func judge() throws(ServiceError) {
        guard !standing.principal.isSuperuser else { return }
        let origins = origins
        for change in changes.values { try judge(change, origins[change.id]) }
        try refuseInfluence(origins)
        try refuseGifts(origins)
        if let taken { throw .missing(taken) }
    }

    /// The entries that change or go, as they were before.
    var origins: [EntryID: Entry] {
        var origins = Dictionary(removed.map { ($0.id, $0) }) { first, _ in first }
        for change in changes.values where origins[change.id] == nil {
            guard let entry = before.tree[change.path]?.entry, entry.id == change.id else { continue }
            origins[change.id] = entry
        }
        return origins
    }

    private func judge(_ change: Change, _ origin: Entry?) throws(ServiceError) {
        if let origin, tree[origin.path]?.entry.id != origin.id { try standing.require([.delete], at: origin.path) }
        guard case .set(_, let kind, let path, let definition) = change else { return }
        // What comes from elsewhere is written here as if it were new; who may do what with it is another question.
        let known = origin?.path == path ? origin?.definition : nil
        var needed: Rights = []
        if known == nil { needed.insert(kind == .folder ? [.createFolder] : [.edit]) }
        if definition.withoutAccess != known?.withoutAccess ?? [:] { needed.insert([.edit]) }
        if definition.trusted != known?.trusted ?? [:] { needed.insert([.trust]) }
        // What is wanted is done without asking again who may.
        if definition.wanted != known?.wanted ?? [:] { needed.insert([.start, .stop]) }
        if definition["access"] != origin?.layer["access"] { needed.insert([.grant]) }
        try standing.require(needed, at: path)
    }
}

extension Edit {
    /// Refuses to give anybody what the author does not hold himself, and to widen anybody's rights by a move unless the
    /// author may grant at both ends.
    private func refuseGifts(_ origins: [EntryID: Entry]) throws(ServiceError) {
        let after = policy
        for (place, origin) in places(origins, after).sorted(by: { $0.key < $1.key }) {
            let gifts = Widening.all(from: origin, under: standing.policy, to: place, under: after)
            guard let gift = gifts.first else { continue }
            if origin != place {
                for end in [origin, place] where !standing.may(.grant, at: end) {
                    throw .forbidden(
                        "at \(place), \(gift); a move that widens rights needs the right \"grant\" at both ends, and "
                            + "\(standing.principal.name) lacks it at \(end)")
                }
            }
            let held = standing.rights(at: origin)
            for gift in gifts where !held.isSuperset(of: gift.rights) {
                let lack = "\(standing.principal.name) cannot give what \(standing.principal.name) does not hold"
                guard standing.sees(origin) else { throw .forbidden("\(lack), and does not hold everywhere below") }
                throw .forbidden("\(lack): at \(place), \(gift.only(gift.rights.subtracting(held)))")
            }
        }
    }

    /// The places at which the edit may have changed who may do what, each with the place that the entry had before.
    private func places(_ origins: [EntryID: Entry], _ after: Policy) -> [Path: Path] {
        var places: [Path: Path] = [:]
        var moves: [Path: Path] = [:]
        for case .set(let id, _, let path, let definition) in changes.values {
            let origin = origins[id]
            if let origin, origin.path != path {
                moves[path] = origin.path
            } else if definition["access"] != origin?.layer["access"] {
                for place in [path] + after.places(below: path) { places[place] = place }
            }
        }
        for (path, origin) in moves {
            // What moves with its folder, and says nothing of its own, has what the folder has.
            let isCarried = path.parent.flatMap { moves[$0] }.map { $0 == origin.parent } ?? false
            if !isCarried || standing.policy.says(at: origin) || after.says(at: path) { places[path] = origin }
        }
        return places
    }
}

extension Map {
    fileprivate var withoutAccess: Map { filter { $0.key != "access" } }

    /// What is said under `wanted`, of the definition's own machines and in its prototypes.
    fileprivate var wanted: Map {
        var found: Map = [:]
        found["wanted"] = self["wanted"]
        for (name, prototype) in self["prototypes"]?.map ?? [:] {
            guard let inner = prototype.map?.wanted, !inner.isEmpty else { continue }
            found["prototypes.\(name)"] = .map(inner)
        }
        return found
    }
}
