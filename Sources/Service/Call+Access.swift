import Access
import HTTP
import Tree

/// The one way to ask what the caller may do.
extension Call {
    /// Whether the caller may do something at a place, which need not exist.
    func may(_ right: Right, at path: Path) -> Bool {
        principal.may(right, at: path)
    }

    /// Whether the place exists for the caller. The one predicate for lists, counts and streams.
    func sees(_ path: Path) -> Bool {
        may(.view, at: path)
    }

    /// Refuses what the caller may not view, in the words for what is not there.
    func see(_ path: Path) throws(ServiceError) {
        guard sees(path) else { throw .missing(path) }
    }

    /// Refuses what the caller may not do: 404 if he may not view the place, 403 if he may.
    func require(_ right: Right, at path: Path) throws(ServiceError) {
        try see(path)
        guard may(right, at: path) else {
            throw .forbidden("\(principal.name) lacks the right \(right.rawValue) at \(path)")
        }
    }

    /// Holds the caller against a route's rule.
    func obey(_ rule: Rule) throws(ServiceError) {
        switch rule {
        case .anybody, .known:
            break
        case .superuser:
            guard principal.isSuperuser else { throw .nothing(at: head) }
        case .may(let right):
            try obey(right)
        case .finds, .writes:
            try obey(.view)
        }
    }

    private func obey(_ right: Right) throws(ServiceError) {
        if parameters["path"] != nil {
            try require(right, at: try Target(self).path)
        } else if let certname = parameters["certname"] {
            guard let path = snapshot.index.path(of: certname), sees(path) else { throw .unknownMachine(certname) }
            try require(right, at: path)
        } else {
            guard sees(.root) else { throw .nothing(at: head) }
            try require(right, at: .root)
        }
    }
}

extension ServiceError {
    /// What is said of a route that there is not, or not for the caller.
    static func nothing(at head: Head) -> ServiceError {
        .notFound("there is nothing at \(head.path)")
    }
}
