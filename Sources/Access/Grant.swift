public import OrderedCollections
public import Tree

/// What `access` says at one entry.
public struct Grant: Hashable, Sendable {
    /// Which roles each user (`ana`) and each group (`@teachers`) that is named gets.
    let people: [Key: ByRole<Bool>]
    /// What the roles that `may` tells of may do.
    let may: ByRole<Rights?>

    /// Reads the `access` of a definition that the schema has accepted; nil if it has none.
    public init?(_ definition: Map) {
        self.init(access: definition["access"])
    }

    /// Reads an `access` that the schema has accepted.
    public init?(access: Value?) {
        guard let access = access?.map else { return nil }
        var people: [Key: ByRole<Bool>] = [:]
        var may = ByRole<Rights?>(nil)
        for role in Role.allCases {
            for case .string(let name) in access[role.key]?.list ?? [] {
                people[Key(name), default: ByRole(false)][role] = true
            }
            may[role] = access["may"]?.map?[role.rawValue]?.list.map { names in
                Rights(names.compactMap { $0.string.flatMap(Right.init) })
            }
        }
        self.people = people
        self.may = may
    }
}
