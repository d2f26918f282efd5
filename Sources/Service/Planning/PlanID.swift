import HTTP
import OrderedCollections
import Store
import Tree

/// What a plan is known by: the revision that it was made at, and a digest of all that it foretells.
///
/// Nothing is kept of a plan. The change is asked for again, with the id; it is made if it does now what it did then.
struct PlanID: Hashable, Sendable, CustomStringConvertible {
    let revision: Int
    let digest: String

    private static let digits = 16

    init(revision: Int, digest: String) {
        self.revision = revision
        self.digest = String(digest.prefix(Self.digits))
    }

    /// Reads `41-9f86d081884c7d65`.
    init(_ text: String) throws(ServiceError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let revision = Int(parts[0]), revision >= 0, parts[1].utf8.count == Self.digits else {
            throw .badRequest("plan=\(text): expected the id of a plan, such as 41-9f86d081884c7d65")
        }
        self.init(revision: revision, digest: String(parts[1]))
    }

    var description: String { "\(revision)-\(digest)" }

    /// Refuses a change that does not do what the plan foretells.
    func require(_ trial: Trial, until limit: WorkLimit? = nil) throws(ServiceError) {
        guard try Plan(trial, names: 0, until: limit).id.digest != digest else { return }
        throw .outdated(
            Outdated(
                plan: self, places: Set(trial.edit.changes.values.map(\.path)).union(trial.edit.removed.map(\.path))))
    }
}
