import Access
import Tree

/// What is asked of somebody's standing, and how a refusal is worded.
extension Standing {
    /// Refuses what the principal may not view, in the words for what is not there.
    func see(_ path: Path) throws(ServiceError) {
        guard sees(path) else { throw .missing(path) }
    }

    /// Refuses what the principal may not do: as missing if he may not view the place, as forbidden if he may.
    func require(_ rights: Rights, at path: Path) throws(ServiceError) {
        let held = self.rights(at: path)
        guard held.contains(.view) else { throw .missing(path) }
        guard let lacking = rights.subtracting(held).list.first else { return }
        throw .forbidden(refusal(of: lacking, at: path))
    }

    /// Refuses unless the principal may do something to an entry and to all that is below it, whether he sees that or not.
    func require(_ rights: Rights, below node: Node) throws(ServiceError) {
        let path = node.entry.path
        try require(rights, at: path)
        for place in policy.places(below: path) {
            guard sees(place) else {
                throw .forbidden("\(path) holds more than \(principal.name) may \(rights.words); ask who may grant it")
            }
            try require(rights, at: place)
        }
    }

    /// Who lacks what and where, and who could grant it.
    func refusal(of right: Right, at path: Path) -> String {
        let lack = "\(principal.name) lacks the right \"\(right.rawValue)\" at \(path)"
        let owner = Principal(name: principal.name, principal.authority)
        guard !Standing(owner, policy).may(right, at: path) else {
            return "\(lack): the token is bound to less than its owner may do"
        }
        let names = policy.granters(of: right, at: path)
        guard !names.isEmpty else { return "\(lack); a superuser could grant it" }
        let others = names.count > Self.longest ? " or \(names.count - Self.longest) others" : ""
        return "\(lack); \(names.prefix(Self.longest).joined(separator: " or "))\(others) could grant it"
    }

    /// How many names a refusal lists.
    private static let longest = 5
}

extension Rights {
    /// The rights, as an error names them: `edit`, `delete and edit`.
    var words: String { list.map(\.rawValue).joined(separator: " and ") }
}
