import Access
import HTTP
import Tree

/// The one way to ask what the caller may do.
extension Call {
    /// Whether the place exists for the caller. The one predicate for lists, counts and streams.
    func sees(_ path: Path) -> Bool { standing.sees(path) }

    /// Whether the caller may do something at a place, which need not exist.
    func may(_ right: Right, at path: Path) -> Bool { standing.may(right, at: path) }

    /// Refuses what the caller may not view, in the words for what is not there.
    func see(_ path: Path) throws(ServiceError) { try standing.see(path) }

    /// Refuses what the caller may not do: 404 if he may not view the place, 403 if he may.
    func require(_ rights: Rights, at path: Path) throws(ServiceError) { try standing.require(rights, at: path) }

    /// Refuses what is neither seen nor on the way to something that is.
    func find(_ path: Path) throws(ServiceError) {
        guard standing.finds(path) else { throw .missing(path) }
    }

    /// Holds the caller against a route's rule.
    func obey(_ rule: Rule) throws(ServiceError) {
        switch rule {
        case .anybody, .known: break
        case .seesEverything: guard standing.seesEverything else { throw .nothing(at: head) }
        case .superuser: guard principal.isSuperuser else { throw .nothing(at: head) }
        case .finds: try find(try entry())
        case .writes: try see(try entry())
        case .puts:
            let path = try Target(self).path
            try standing.asIfFree(path).see(path)
        case .may(let rights): try obey(rights)
        }
    }

    /// Where the entry stands that the path names. What is not there is missing to everybody, whatever he may do there.
    private func entry() throws(ServiceError) -> Path {
        let path = try Target(self).path
        guard snapshot.tree[path] != nil else { throw .missing(path) }
        return path
    }

    private func obey(_ rights: Rights) throws(ServiceError) {
        if parameters["path"] != nil {
            try require(rights, at: try entry())
        } else if let certname = parameters["certname"] {
            guard let path = snapshot.index.path(of: certname), standing.reads(certname, at: path) else {
                throw .unknownMachine(certname)
            }
            if rights != [.view] { try require(rights, at: path) }
        } else {
            guard sees(.root) else { throw .nothing(at: head) }
            try require(rights, at: .root)
        }
    }
}

extension ServiceError {
    /// What is said of a route that there is not, or not for the caller.
    static func nothing(at head: Head) -> ServiceError {
        .notFound("there is nothing at \(head.path)")
    }
}
