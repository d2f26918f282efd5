import Cascade
import Store
import Tree

/// Descriptors that stand side by side in one folder, and what it hands down to them: what one core computes at a time.
struct Batch: Sendable {
    fileprivate(set) var entries: [Entry] = []
    let inheritance: Inheritance

    /// How many are computed at a time, so that the machines of a large folder keep all cores busy.
    static let largest = 256

    /// The batch with only some of its descriptors; nil if that is none.
    func filter(_ isWanted: (Entry) -> Bool) -> Batch? {
        let wanted = entries.filter(isWanted)
        return wanted.isEmpty ? nil : Batch(entries: wanted, inheritance: inheritance)
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
    func batches(
        below path: Path, _ inheritances: Inheritances, where isWanted: (Path) -> Bool = { _ in true }
    ) -> [Batch] {
        guard let node = self[path], isWanted(path) else { return [] }
        let folder = node.entry.kind == .folder ? path : path.parent
        guard let inheritance = folder.flatMap({ inheritance(of: $0, inheritances) }) else { return [] }
        var batches: [Batch] = []
        switch node.entry.kind {
        case .vm: batches.append(node.entry, inheritance)
        case .folder: node.batches(inheritance, inheritances, isWanted, &batches)
        }
        return batches
    }
}

extension Node {
    fileprivate func batches(
        _ inheritance: Inheritance, _ inheritances: Inheritances, _ isWanted: (Path) -> Bool, _ batches: inout [Batch]
    ) {
        for child in sortedChildren where isWanted(child.entry.path) {
            switch child.entry.kind {
            case .vm:
                batches.append(child.entry, inheritance)
            case .folder:
                let inner = inheritances.inheritance(of: child.entry, below: inheritance)
                child.batches(inner, inheritances, isWanted, &batches)
            }
        }
    }
}

extension [Batch] {
    fileprivate mutating func append(_ entry: Entry, _ inheritance: Inheritance) {
        if last?.inheritance !== inheritance || self[count - 1].entries.count == Batch.largest {
            append(Batch(inheritance: inheritance))
        }
        self[count - 1].entries.append(entry)
    }
}
