public import Tree

/// What a change of the tree would give to somebody that he did not have.
public struct Widening: Hashable, Sendable {
    public enum Gainer: Hashable, Sendable {
        /// `ana`, `@teachers`.
        case name(String)
        /// Whoever has the role, or will.
        case role(Role)
    }

    public let gainer: Gainer
    public let rights: Rights

    /// What anybody would gain of an entry that stood at `old` under one policy and is to stand at `new` under another.
    ///
    /// The rights of a principal are those of its names together, so if no name gains, nobody does.
    public static func all(from old: Path, under before: Policy, to new: Path, under after: Policy) -> [Widening] {
        var names: Set<Key> = []
        before.onTheWay(to: old) { names.formUnion($0.people.keys) }
        after.onTheWay(to: new) { names.formUnion($0.people.keys) }
        let ofNames = names.sorted().map { name in
            Widening(
                .name(name.text), before.footing(at: old, of: [name]).rights, after.footing(at: new, of: [name]).rights)
        }
        let (earlier, later) = (before.footing(at: old, of: []), after.footing(at: new, of: []))
        let ofRoles = Role.allCases.map { Widening(.role($0), earlier.rights(of: $0), later.rights(of: $0)) }
        return (ofNames + ofRoles).filter { !$0.rights.isEmpty }
    }

    private init(_ gainer: Gainer, _ before: Rights, _ after: Rights) {
        self.gainer = gainer
        rights = after.subtracting(before)
    }

    private init(_ gainer: Gainer, _ rights: Rights) {
        self.gainer = gainer
        self.rights = rights
    }

    /// The same gainer, with these rights only.
    public func only(_ rights: Rights) -> Widening {
        Widening(gainer, self.rights.intersection(rights))
    }
}

extension Widening: CustomStringConvertible {
    /// `bob would get the rights edit, trust`.
    public var description: String {
        let who =
            switch gainer {
            case .name(let name): name
            case .role(let role): "every \(role.rawValue)"
            }
        let names = rights.list.map(\.rawValue).joined(separator: ", ")
        return "\(who) would get the right\(rights.list.count == 1 ? "" : "s") \(names)"
    }
}
