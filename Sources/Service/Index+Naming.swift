import Access
import HashTreeCollections
import Tree

extension Index {
    /// Refuses the certnames of a change that its author may not give: by its certname a machine is told what is its own, and
    /// who gives a machine's name to a descriptor of his own says what that machine is told.
    ///
    /// - Parameter changed: the listings that the change makes.
    func refuseNames(_ changed: [(id: EntryID, listing: Listing)], of edit: Edit) throws(ServiceError) {
        let standing = edit.standing
        guard !standing.principal.isSuperuser else { return }
        lazy var trusted = edit.tops.filter { standing.may(.trust, at: $0) }
        for (id, listing) in changed {
            let known = listings[id]
            if known?.certname != listing.certname {
                if reserved.contains(listing.certname) { throw .reservedName(of: listing, standing) }
            } else {
                // A name that stays may come to lie outside the domain, which those with trust may change.
                guard known?.isNamedOutside == false, !trusted.contains(where: { $0.contains(listing.path) }) else {
                    continue
                }
            }
            guard listing.isNamedOutside, !standing.may(.trust, at: listing.path) else { continue }
            throw .nameOutside(of: listing, standing)
        }
    }
}

extension ServiceError {
    fileprivate static func reservedName(of listing: Index.Listing, _ standing: Standing) -> ServiceError {
        .forbidden(
            "\(listing.title(standing)) is reserved by the service's configuration; a superuser could give it")
    }

    fileprivate static func nameOutside(of listing: Index.Listing, _ standing: Standing) -> ServiceError {
        .forbidden(
            "\(listing.title(standing)) does not lie below the machine's domain; expected one that does, or the "
                + "right \"trust\"")
    }
}

extension Index.Listing {
    /// The certname, as a refusal names it to somebody.
    fileprivate func title(_ standing: Standing) -> String {
        "\(standing.sees(path) ? "\(path): " : "")the certname \"\(certname)\""
    }
}
