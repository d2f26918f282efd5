import Cascade
import HashTreeCollections
import OrderedCollections
import Tree
import Views

/// Finds machines by the names that tools know them by, and keeps those names apart.
///
/// Persistent: an update copies what it changes and shares the rest, so that a check that fails costs nothing.
struct Index: Sendable {
    /// The certnames that only superusers give to machines.
    var reserved: Set<String> = []
    private(set) var listings: TreeDictionary<EntryID, Listing> = [:]
    /// The descriptors that are not served, because their definition is broken.
    private(set) var broken: TreeDictionary<EntryID, Listing> = [:]
    private var certnames: TreeSet<Named> = []
    /// What machines have in common, and how many of them do.
    private var traits: TreeDictionary<Traits, Int> = [:]
    private var names = Names()
    /// What references lead to, or led to at some time since the start.
    private(set) var targets: TreeSet<DottedPath> = []
    /// Where values that need trust may depend on what others say, by the entries that have them.
    private(set) var trustDependencies: TreeDictionary<EntryID, Path> = [:]

    /// Where the machine of that certname stands.
    func path(of certname: String) -> Path? {
        listing(of: certname)?.path
    }

    func certname(of id: EntryID) -> String? {
        listings[id]?.certname
    }

    private func listing(of certname: String) -> Listing? {
        certnames.firstIndex(of: Named(certname)).map { certnames[$0].listing }
    }

    /// Puts a descriptor in; its names must be free, so all whose names change are to be removed first.
    mutating func insert(_ listing: Listing, _ id: EntryID) throws(Clash) {
        var listing = listing
        let known = traits.index(forKey: listing.traits).map { traits[$0] }
        if let known { listing = Listing(path: listing.path, traits: known.key) }

        let certname = listing.certname
        try names.check(Claim(machine: listing.path, certname: certname))
        let (isFree, other) = certnames.insert(Named(listing, certname))
        guard isFree else {
            throw Clash(certname: certname, of: listing.path, and: other.listing.path)
        }
        if known == nil {
            for claim in listing.groupClaims { try take(claim) }
        }
        traits[listing.traits] = (known?.value ?? 0) + 1
        listings[id] = listing
        if !listing.problems.isEmpty { broken[id] = listing }
    }

    /// Takes a descriptor out.
    mutating func remove(_ id: EntryID) {
        guard let listing = listings.removeValue(forKey: id) else { return }
        broken[id] = nil
        certnames.remove(Named(listing))
        let others = (traits[listing.traits] ?? 1) - 1
        traits[listing.traits] = others == 0 ? nil : others
        if others == 0 {
            for claim in listing.groupClaims { names.remove(claim) }
        }
    }

    /// Takes a name that no machine may have.
    private mutating func take(_ claim: Claim) throws(Clash) {
        if let machine = listing(of: claim.name), let clash = Clash(claim, beside: machine.claim) { throw clash }
        try names.insert(claim)
    }

    /// Takes note of what an entry's references lead to, and whether what needs trust depends on that.
    mutating func insert(referencesOf entry: Entry) {
        trustDependencies[entry.id] = entry.layer.hasTrustDependencies ? entry.path : nil
        guard entry.layer.holdsReference else { return }
        for target in Value.map(entry.definition).targets where !targets.contains(target) { targets.insert(target) }
    }

    /// Forgets the references of an entry that is not where it was. What they led to stays noted.
    mutating func remove(referencesOf entry: Entry) { trustDependencies[entry.id] = nil }

    /// Puts a folder in; its group's name must be free.
    mutating func insert(folder path: Path) throws(Clash) {
        if !path.isRoot { try take(Claim(folder: path)) }
    }

    /// Takes a folder out.
    mutating func remove(folder path: Path) {
        if !path.isRoot { names.remove(Claim(folder: path)) }
    }
}

/// A listing by its certname, which is not held beside it.
private struct Named: Hashable, Sendable {
    let listing: Index.Listing
    /// Of the certname, which so is put together once, and not with each comparison.
    private let hash: Int

    init(_ listing: Index.Listing) {
        self.init(listing, listing.certname)
    }

    /// What equals the listing of that certname.
    init(_ certname: String) {
        self.init(Index.Listing(path: .root, traits: Index.Traits(naming: .own(certname))), certname)
    }

    init(_ listing: Index.Listing, _ certname: String) {
        self.listing = listing
        hash = certname.hashValue
    }

    static func == (left: Named, right: Named) -> Bool {
        left.hash == right.hash && left.listing.certname == right.listing.certname
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
