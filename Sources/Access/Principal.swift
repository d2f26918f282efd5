import Tree

/// Who asks.
public struct Principal: Hashable, Sendable {
    public let name: String
    public let authority: Authority
    public let bounds: Bounds
    /// By which `access` in the tree may name it: its own name, and its groups with an `@`. A machine is named nowhere.
    let names: [Key]
    /// What its bounds leave.
    let limit: Rights

    public init(name: String, _ authority: Authority, bounds: Bounds = .none) {
        self.name = name
        self.authority = authority
        self.bounds = bounds
        limit = bounds.rights.map { Rights($0) } ?? .all
        switch authority {
        case .granted(let groups): names = [Key(name)] + groups.sorted().map { Key("@" + $0) }
        case .superuser, .machine: names = []
        }
    }

    /// Whether everything is allowed to it, server-wide.
    public var isSuperuser: Bool { authority == .superuser && bounds == .none }

    /// The certname of the one machine whose documents it may have, if it may have nothing else.
    public var machine: String? { bounds.certname ?? (authority == .machine ? name : nil) }

    /// Whether it may have the documents made for one machine, and nothing else.
    var isConfined: Bool { machine != nil }
}
