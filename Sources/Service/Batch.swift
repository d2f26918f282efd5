import Cascade
import Formats
import Tree

/// Descriptors that stand side by side in one folder: what one core computes at a time. A folder without any has an empty
/// one.
struct Batch: Sendable {
    let folder: Entry
    private(set) var entries: [Entry]
    /// What the folder is in hands down.
    private let above: Inheritance?
    private let inheritances: Inheritances

    fileprivate init(
        _ entries: some Collection<Entry>, in folder: Entry, below above: Inheritance?, _ inheritances: Inheritances
    ) {
        self.entries = Array(entries)
        self.folder = folder
        self.above = above
        self.inheritances = inheritances
    }

    /// What the folder hands down. It is asked for on the core that needs it.
    var inheritance: Inheritance { inheritances.inheritance(of: folder, below: above) }

    /// How many are computed at a time, so that the machines of a large folder keep all cores busy.
    static let largest = 256

    /// The batch with only some of its descriptors; nil if that is none.
    func filter(_ isWanted: (Entry) -> Bool) -> Batch? {
        var batch = self
        batch.entries = entries.filter(isWanted)
        return batch.entries.isEmpty ? nil : batch
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

extension [Batch] {
    /// What `make` makes of runs of batches, in their order, on all cores.
    func parallelMap<Part: Sendable>(_ make: @Sendable (ArraySlice<Batch>) -> Part) -> [Part] {
        Parallel.map(runs, atATime: 1, make)
    }

    /// The batches in runs that hold enough to be worth a core's while.
    private var runs: [ArraySlice<Batch>] {
        var runs: [ArraySlice<Batch>] = []
        var (start, count) = (0, 0)
        for (index, batch) in enumerated() {
            count += batch.entries.count
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
            return [Batch([node.entry], in: folder, below: above, inheritances)]
        }
    }
}

extension Node {
    fileprivate func batches(
        below above: Inheritance?, _ inheritances: Inheritances, _ isWanted: ((Path) -> Bool)?, _ batches: inout [Batch]
    ) {
        var handed: Inheritance?
        var machines: [Entry] = []
        var isEmpty = true
        func finish() {
            for start in stride(from: 0, to: max(machines.count, isEmpty ? 1 : 0), by: Batch.largest) {
                let part = machines[start..<min(start + Batch.largest, machines.count)]
                batches.append(Batch(part, in: entry, below: above, inheritances))
            }
            machines = []
            isEmpty = false
        }
        for child in sortedChildren {
            if let isWanted, !isWanted(child.entry.path) { continue }
            switch child.entry.kind {
            case .vm:
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
