import Access
import Tree

extension Edit {
    /// What is to become of one entry: it goes, it comes, or it is to stand elsewhere or say something else.
    struct Step: Sendable {
        /// Nil if the entry is not there.
        let now: Entry?
        /// Nil if it goes.
        let then: Entry?
    }

    /// Takes all steps: first what leaves its place goes, then what comes is put where it is free.
    mutating func take(_ steps: [Step]) throws(ServiceError) {
        let leaving = steps.compactMap { step in step.now.flatMap { $0.path == step.then?.path ? nil : $0 } }
        try refuseStrangers(below: leaving)
        leave(leaving, for: steps.compactMap { $0.then == nil ? $0.now : nil })
        for step in steps.sorted(by: { ($0.then?.path ?? .root) < ($1.then?.path ?? .root) }) {
            guard let then = step.then else { continue }
            if let now = step.now, now.path == then.path {
                try rewrite(now, then.definition)
            } else {
                try enter(then)
            }
        }
    }

    /// Refuses to let a folder go with entries in it that stay.
    private func refuseStrangers(below leaving: [Entry]) throws(ServiceError) {
        let ids = Set(leaving.map(\.id))
        for entry in leaving {
            var stranger: Path?
            tree[entry.path]?.walk { if !ids.contains($0.entry.id) { stranger = stranger ?? $0.entry.path } }
            if let stranger {
                guard standing.sees(stranger) else {
                    throw .conflict(entry.path, "\(entry.path) holds what came there since")
                }
                throw .conflict(
                    stranger, "\(entry.path) holds \(stranger), which came there since; move or delete it first")
            }
        }
    }
}
