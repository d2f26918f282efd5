public import Tree

/// An entry whose `access` gives somebody a role.
public struct Appointment: Hashable, Sendable {
    public let role: Role
    /// The name or group by which the role is given: `ana`, `@teachers`.
    public let name: String
    /// The entry that gives it.
    public let path: Path
}

/// What a role may do at a place, and which entries say so, the highest first; none: it is the standard.
public struct Allowance: Hashable, Sendable {
    public let role: Role
    public let rights: Rights
    public let from: [Path]
}

extension Policy {
    /// Who has a role at a place, sorted by the entry that gives it, then by role and name.
    public func appointments(at path: Path) -> [Appointment] {
        var appointments: [Appointment] = []
        for place in path.way {
            let people = stage(at: place)?.grant?.people ?? [:]
            for role in Role.allCases {
                let names = people.filter { $0.value[role] }.keys.sorted()
                appointments += names.map { Appointment(role: role, name: $0.text, path: place) }
            }
        }
        return appointments
    }

    /// What each role may do at a place.
    public func allowances(at path: Path) -> [Allowance] {
        let footing = footing(at: path, of: [])
        return Role.allCases.map { role in
            let places = path.way.filter { stage(at: $0)?.grant?.may[role] != nil }
            return Allowance(role: role, rights: footing.rights(of: role), from: places)
        }
    }

    /// Who could give a right at a place: those who hold it there, and may change `access` there.
    public func granters(of right: Right, at path: Path) -> [String] {
        let names = Set(appointments(at: path).map(\.name))
        return names.filter { footing(at: path, of: [Key($0)]).rights.isSuperset(of: [.grant, right]) }.sorted()
    }
}

extension Standing {
    /// The roles that the principal has at a place, and which entries give them.
    public func appointments(at path: Path) -> [Appointment] {
        policy.appointments(at: path).filter { principal.names.contains(Key($0.name)) }
    }

    /// The highest places that the principal sees.
    public var places: [Path] {
        let start = principal.bounds.folder ?? .root
        let candidates = [start] + policy.places(below: start)
        var places: [Path] = []
        for place in candidates where sees(place) {
            if places.last.map({ $0.contains(place) }) != true { places.append(place) }
        }
        return places
    }
}

extension Path {
    /// The places from the root to this one.
    var way: [Path] {
        var way = [self]
        while let above = way.last?.parent { way.append(above) }
        return way.reversed()
    }
}
