import Tree

/// What somebody has been given on the way from the root to an entry.
struct Footing {
    private var has = ByRole(false)
    /// What each role may do here; nil: nothing was said on the way.
    private(set) var may = ByRole<Rights?>(nil)

    /// Goes on to an entry below, where a grant stands: it adds people, and takes rights away. Only the first `may` on
    /// the way that tells of a role can give more than its standard.
    mutating func enter(_ grant: Grant, as names: [Key]) {
        for name in names {
            guard let added = grant.people[name] else { continue }
            for role in Role.allCases where added[role] { has[role] = true }
        }
        for role in Role.allCases {
            guard let rights = grant.may[role] else { continue }
            may[role] = may[role]?.intersection(rights) ?? rights
        }
    }

    /// What a role may do here.
    func rights(of role: Role) -> Rights { (may[role] ?? role.standard).seeing }

    /// What the roles held allow together.
    var rights: Rights {
        var rights: Rights = []
        for role in Role.allCases where has[role] { rights.formUnion(self.rights(of: role)) }
        return rights
    }
}

extension Rights {
    /// These rights, or none if they do not include to view: what may not be viewed does not exist.
    var seeing: Rights { contains(.view) ? self : [] }
}
