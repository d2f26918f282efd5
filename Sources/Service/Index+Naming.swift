import Access
import HashTreeCollections
import Tree

extension Index {
    /// Refuses the certnames of a change that its author may not give: by its certname a machine is told what is its own, and
    /// who gives a machine's name to a descriptor of his own says what that machine is told.
    ///
    /// - Parameter changed: the listings that the change makes.
    func refuseNames(_ changed: [(id: EntryID, listing: Listing)], for standing: Standing) throws(ServiceError) {
        guard !standing.principal.isSuperuser else { return }
        for (id, listing) in changed where listings[id]?.certname != listing.certname {
            let (path, name) = (listing.path, listing.certname)
            let place = standing.sees(path) ? "\(path): " : ""
            if reserved.contains(name) {
                throw .forbidden(
                    "\(place)the certname \"\(name)\" is reserved by the service's configuration; a superuser could give it"
                )
            }
            guard listing.isNamedOutside, !standing.may(.trust, at: path) else { continue }
            throw .forbidden(
                "\(place)the certname \"\(name)\" does not lie below the machine's domain; expected one that does, or the "
                    + "right \"trust\"")
        }
    }
}
