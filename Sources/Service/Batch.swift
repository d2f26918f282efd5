import Cascade
import Formats
import Tree

/// Descriptors that stand side by side in one folder: what one core computes at a time. A folder without any has an empty
/// one.
struct Batch: Sendable {
    let folder: Entry
    private(set) var machines: Machines
    /// What the folder is in hands down.
    private let above: Inheritance?
    private let inheritances: Inheritances

    fileprivate init(
        _ machines: Machines, in folder: Entry, below above: Inheritance?, _ inheritances: Inheritances
    ) {
        self.machines = machines
        self.folder = folder
        self.above = above
        self.inheritances = inheritances
    }

    /// What the folder hands down. It is asked for on the core that needs it.
    var inheritance: Inheritance { inheritances.inheritance(of: folder, below: above) }

    /// How many are computed at a time, so that the machines of a large folder keep all cores busy.
    static let largest = 256

    var entries: [Entry] { machines.entries }

    /// The batch with only some of its descriptors; nil if that is none.
    func filter(_ isWanted: (Entry) -> Bool) -> Batch? {
        var batch = self
        batch.machines = .some(entries.filter(isWanted))
        return batch.machines.isEmpty ? nil : batch
    }

    /// Calls `body` for each descriptor with its computed definition.
    func forEach(_ body: (Entry, Computed) throws -> Void) rethrows {
        _ = try map(body)
    }

    /// What `transform` makes of each descriptor and its computed definition.
    func map<Result>(_ transform: (Entry, Computed) throws -> Result) rethrows -> [Result] {
        var siblings = Siblings(inheritance)
        return try entries.map { try transform($0, siblings.compute($0.layer)) }
    }
}

extension Batch {
    /// Which descriptors a batch has.
    enum Machines: Sendable {
        /// All that the node of a folder holds, which is nothing else: they are not touched to tell them from others.
        case all(Node)
        case some([Entry])

        var entries: [Entry] {
            switch self {
            case .all(let folder): folder.sortedChildren.map(\.entry)
            case .some(let entries): entries
            }
        }

        var count: Int {
            switch self {
            case .all(let folder): folder.childCount
            case .some(let entries): entries.count
            }
        }

        var isEmpty: Bool { count == 0 }
    }
}

extension [Batch] {
    /// What `make` makes of runs of batches, in their order, on all cores.
    func parallelMap<Part: Sendable>(_ make: @Sendable (ArraySlice<Batch>) -> Part) -> [Part] {
        Parallel.map(runs, atATime: 1, make)
    }

    /// The same, given up when `limit` is over, which is asked before each run.
    func parallelMap<Part: Sendable>(
        until limit: WorkLimit?, _ make: @Sendable (ArraySlice<Batch>) -> Part
    ) throws(ServiceError) -> [Part] {
        guard let limit else { return parallelMap(make) }
        return try Parallel.map(runs, atATime: 1) { run throws(ServiceError) in
            try limit.check()
            return make(run)
        }
    }

    /// The batches in runs that hold enough to be worth a core's while.
    private var runs: [ArraySlice<Batch>] {
        var runs: [ArraySlice<Batch>] = []
        var (start, count) = (0, 0)
        for (index, batch) in enumerated() {
            count += batch.machines.count
            guard count >= Batch.largest || index == self.count - 1 else { continue }
            runs.append(self[start...index])
            (start, count) = (index + 1, 0)
        }
        return runs
    }
}

extension Hierarchy {
    /// The descriptors at `path` or below, sorted by path; what is not wanted is passed by with all below it.
    ///
    /// - Parameter isWanted: nil if everything is.
    func batches(
        below path: Path, _ inheritances: Inheritances, where isWanted: ((Path) -> Bool)? = nil
    ) -> [Batch] {
        guard let node = self[path], isWanted?(path) ?? true else { return [] }
        switch node.entry.kind {
        case .folder:
            var batches: [Batch] = []
            let above = path.parent.flatMap { inheritance(of: $0, inheritances) }
            node.batches(below: above, inheritances, isWanted, &batches)
            return batches
        case .vm:
            guard let parent = path.parent, let folder = self[parent]?.entry else { return [] }
            let above = parent.parent.flatMap { inheritance(of: $0, inheritances) }
            return [Batch(.some([node.entry]), in: folder, below: above, inheritances)]
        }
    }
}

extension Node {
    fileprivate func batches(
        below above: Inheritance?, _ inheritances: Inheritances, _ isWanted: ((Path) -> Bool)?, _ batches: inout [Batch]
    ) {
        guard isWanted != nil || holdsFolders || childCount > Batch.largest else {
            return batches.append(Batch(.all(self), in: entry, below: above, inheritances))
        }
        var handed: Inheritance?
        var machines: [Entry] = []
        var isEmpty = true
        func finish() {
            guard isEmpty || !machines.isEmpty else { return }
            batches.append(Batch(.some(machines), in: entry, below: above, inheritances))
            machines = []
            isEmpty = false
        }
        for child in sortedChildren {
            if let isWanted, !isWanted(child.entry.path) { continue }
            switch child.entry.kind {
            case .vm:
                if machines.count == Batch.largest { finish() }
                machines.append(child.entry)
            case .folder:
                finish()
                let inheritance = handed ?? inheritances.inheritance(of: entry, below: above)
                handed = inheritance
                child.batches(below: inheritance, inheritances, isWanted, &batches)
            }
        }
        finish()
    }
}
