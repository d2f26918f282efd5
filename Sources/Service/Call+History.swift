import Access
import OrderedCollections
import Store
import Tree

/// The history as the caller sees it: the revisions that changed something at a place that he may view, with what they
/// changed there.
extension Call {
    /// Up to `limit` revisions older than `before` that changed the entry at `path` or one below it, newest first, and
    /// where to go on.
    func revisions(
        of path: Path, before: Int?, limit: Int
    ) throws(ServiceError) -> (documents: [RevisionDocument], next: Int?) {
        var documents: [RevisionDocument] = []
        let scopes = scopes(in: path)
        guard !scopes.isEmpty else {
            // Looked up as what is not there is, so that the time of an answer does not tell one from the other.
            let nowhere = try? Path.root.appending("\(EntryID.random())")
            if let nowhere { _ = try page(of: [nowhere], before: before, limit: limit + 1) }
            return ([], nil)
        }
        var (next, looks) = (before, 0)
        while true {
            let page = try page(of: scopes, before: next, limit: limit + 1)
            for revision in page {
                try goOn()
                guard documents.count < limit, looks < Self.longestLook else { return (documents, next) }
                next = revision.number
                looks += 1
                if let document = try document(of: revision, below: path) { documents.append(document) }
            }
            if page.count <= limit { return (documents, nil) }
        }
    }

    /// A revision as the caller sees it; nil if he sees nothing of what it changed at `path` or below.
    func document(of revision: Revision, below path: Path = .root) throws(ServiceError) -> RevisionDocument? {
        var document = RevisionDocument(revision)
        guard !principal.isSuperuser else { return document }
        let places = try places(of: revision.number)
        guard places.values.contains(where: { $0.contains { path.contains($0) } }) else { return nil }
        document.narrow(entries: places.count)
        return document
    }

    /// How many revisions one answer looks at.
    private static let longestLook = 1_000
    /// From how many places on one reads the history of what is above them all.
    private static let manyScopes = 16

    /// Where to look for what the caller sees at a place or below it.
    private func scopes(in path: Path) -> [Path] {
        if sees(path) { return [path] }
        let places = standing.places.filter { path.contains($0) }
        return places.count > Self.manyScopes ? [path] : places
    }

    private func page(of scopes: [Path], before: Int?, limit: Int) throws(ServiceError) -> [Revision] {
        var revisions: [Int: Revision] = [:]
        for scope in scopes {
            let store = parts.store
            let found = try ServiceError.wrapping { () throws(StoreError) in
                try store.revisions(of: scope, before: before, limit: limit)
            }
            for revision in found { revisions[revision.number] = revision }
        }
        return Array(revisions.values.sorted { $0.number > $1.number }.prefix(limit))
    }
}
