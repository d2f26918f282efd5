import Access
import Cascade
import HTTP
import HashTreeCollections
import Tree
import Views

/// The machines that a request for an inventory means, found out once.
struct InventoryScope {
    let snapshot: Snapshot
    let selector: Selector?
    /// What `folder` means, and `selector` as far as nothing has to be computed for it.
    let batches: [Batch]
    private let limit: WorkLimit?

    init(_ call: Call, below folder: Path) throws(ServiceError) {
        snapshot = call.snapshot
        limit = call.limit
        selector = try call.selector()
        if let certname = call.principal.machine {
            batches = try call.batches(ofOnly: certname, below: folder, selector)
        } else {
            batches = call.candidates(below: folder, selector)
        }
    }

    /// The folders that an inventory of everything shows, even if they hold no machine.
    var folders: [Path] { selector == nil ? batches.map(\.folder.path) : [] }

    /// Whether a machine is meant, or may be, for it is broken.
    func isMeant(_ entry: Entry, _ computed: Computed) -> Bool {
        selector.map { $0.verdict(entry, computed, in: snapshot) } != .no
    }

    /// The hosts with their variables. Those of many machines are computed on all cores.
    func hosts(_ which: Ansible.Variables, as framing: InventoryText.Framing) throws(ServiceError) -> [HostList] {
        try parallelMap { run in
            var list = HostList()
            for batch in run {
                switch which {
                case .none:
                    for entry in batch.selection(selector, in: snapshot).all {
                        guard let listing = snapshot.index.listings[entry.id] else { continue }
                        list.append(listing, snapshot.record(of: entry), as: framing)
                    }
                case .all, .connection:
                    batch.forEach { entry, computed in
                        guard isMeant(entry, computed) else { return }
                        list.append(Subject(computed, Facts(snapshot.record(of: entry))), which, as: framing)
                    }
                }
            }
            return list
        }
    }

    /// What `make` makes of runs of batches, as long as somebody waits for it.
    func parallelMap<Part: Sendable>(_ make: @Sendable (ArraySlice<Batch>) -> Part) throws(ServiceError) -> [Part] {
        try batches.parallelMap(until: limit, make)
    }
}

extension Call {
    /// The one machine of a caller who may have the documents of no other. It is refused as its documents are, where it is
    /// unknown or its definition broken: a machine that asks for its inventory must not take an empty one for the answer.
    fileprivate func batches(
        ofOnly certname: String, below folder: Path, _ selector: Selector?
    ) throws(ServiceError) -> [Batch] {
        guard let entry = snapshot.machine(certname)?.entry, standing.reads(certname, at: entry.path) else {
            throw .unknownMachine(certname)
        }
        guard folder.contains(entry.path) else { throw .missing(folder) }
        _ = try snapshot.subject(of: entry)
        let batches = snapshot.tree.batches(below: entry.path, snapshot.inheritances)
        return batches.compactMap { $0.filter { isCandidate($0, selector) } }
    }
}
