import OrderedCollections
import Store
import Tree

/// What two people made of one key, or of one entry, each something else.
struct Contradiction: Sendable {
    let path: Path
    /// The key and what each side has there; the empty key for the entry itself.
    let conflict: Merge.Conflict
    /// What became of the entry where that is the contradiction: `it was deleted`.
    var fate: String?
    /// The entry whose change it was.
    let origin: Path
    /// The revision that made it what theirs is.
    var cause: Revision?

    /// Whether it is an entry that the directory's owner never saw.
    var isNews: Bool { conflict.key.keys.isEmpty && conflict.base == nil && conflict.ours == nil }

    /// `it is the string "OS" since revision 44 (bnunez), was the string "SO" and would be the string "X"`.
    var message: String {
        let since = cause.map { "revision \($0.number) (\($0.principal))" }
        if let fate { return fate + (since.map { " in \($0)" } ?? "") }
        let now =
            conflict.theirs.map { "it is \($0.summary)" + (since.map { " since \($0)" } ?? "") }
            ?? "it was removed" + (since.map { " in \($0)" } ?? "")
        let before = conflict.base.map { "was \($0.summary)" } ?? "was not there"
        return "\(now), \(before) and would be \(conflict.ours?.summary ?? "removed")"
    }

    var problem: Problem {
        Problem(path: path, key: conflict.key.keys.isEmpty ? nil : conflict.key, message)
    }

    var document: Value {
        var map = problem.document
        map["base"] = conflict.base
        map["theirs"] = conflict.theirs
        map["ours"] = conflict.ours
        if let cause {
            map["revision"] = .integer(cause.number)
            map.merge(cause.authorship) { old, _ in old }
        }
        return .map(map)
    }
}
