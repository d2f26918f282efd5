import Access
import Cascade
import HTTP
import Tree
import Views

/// The machines that a request for an inventory means, found out once.
struct Scope {
    let snapshot: Snapshot
    let selector: Selector?
    /// What `folder` means, and `selector` as far as nothing has to be computed for it.
    let batches: [Batch]
    /// What is kept of earlier answers, for who asks for all that is below a folder of the newest tree.
    let kept: Pages?

    init(_ call: Call, below folder: Path) throws(ServiceError) {
        snapshot = call.snapshot
        selector = try call.selector()
        if let certname = call.principal.machine {
            batches = try call.batches(ofOnly: certname, below: folder, selector)
            kept = nil
        } else {
            batches = call.candidates(below: folder, selector)
            kept = selector == nil && call.head.query("at") == nil ? call.parts.pages : nil
        }
    }

    /// The folders that an inventory of everything shows, even if they hold no machine.
    var folders: [Path] { selector == nil ? batches.map(\.folder.path) : [] }

    func isMeant(_ computed: Computed) -> Bool { selector?.matches(computed.definition) ?? true }

    /// The variables of the machines.
    func pages(_ variables: Ansible.Variables) -> [Page] {
        let changes = Changes()
        return batches.parallelMap { run in
            run.lazy.filter { !$0.machines.isEmpty }.map { batch in
                kept?.page(variables, batch, in: snapshot, changes)
                    ?? batch.page(Page.Sources(variables, batch, in: snapshot), in: snapshot, where: isMeant)
            } as [Page]
        }.flatMap { $0 }
    }

    /// Who the machines are, as the index knows them.
    func rolls() -> [Roll] {
        batches.parallelMap { run in Roll(run.flatMap { $0.entries(selector) }, in: snapshot) }
    }

    func groups(of rolls: [Roll]) -> Groups { kept?.groups(rolls, folders) ?? Groups(rolls, folders) }
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
