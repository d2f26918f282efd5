import Access
import Tree
import Views

/// Two entries that want one name which only one can have.
struct Clash: Error {
    /// Told of the one that comes later.
    let problem: Problem
    /// The other, if it is an entry.
    let other: Path?
    /// The same, without saying who has the name.
    let discreet: String

    /// For who may not view both entries: a name that is taken is no secret, where it is taken is.
    func problem(for standing: Standing) -> Problem {
        let paths = [problem.path, other].compactMap { $0 }
        guard !paths.allSatisfy(standing.sees) else { return problem }
        return Problem(path: paths.first(where: standing.sees), key: problem.key, discreet)
    }
}

extension Clash {
    init(certname: String, of path: Path, and other: Path) {
        let hint = "expected one that is unique in the tree: set certname"
        problem = Problem(
            path: path, key: ["certname"],
            "the certname \"\(certname)\" would be that of both \(other) and \(path); \(hint) on one of them")
        self.other = other
        discreet = "the certname \"\(certname)\" is taken; \(hint)"
    }

    /// Nil if both claims can be made.
    init?(_ claim: Claim, beside other: Claim) {
        guard let problem = claim.problem(beside: other) else { return nil }
        self.problem = problem
        self.other = other.holder.path
        discreet = "the name \"\(claim.name)\" is taken in Ansible's inventory; expected another"
    }
}
