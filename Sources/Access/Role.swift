/// What `access` in the tree makes of somebody, at an entry and below it.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Keeps a branch: its folders, its descriptors, and who else may use it.
    case manager
    /// Uses machines that others define.
    case user
    /// Reads, as configuration tools do.
    case reader

    /// What the role may do where no `may` on the way says otherwise.
    public var standard: Rights {
        switch self {
        case .manager: .all.subtracting([.trust])
        case .user: [.view, .start, .stop, .create, .destroy, .console, .snapshot]
        case .reader: [.view]
        }
    }

    /// The key of `access` that lists who has the role.
    public var key: String { rawValue + "s" }
}

/// Something for each role.
struct ByRole<Thing: Hashable & Sendable>: Hashable, Sendable {
    private var manager: Thing
    private var user: Thing
    private var reader: Thing

    init(_ thing: Thing) {
        (manager, user, reader) = (thing, thing, thing)
    }

    subscript(role: Role) -> Thing {
        get {
            switch role {
            case .manager: manager
            case .user: user
            case .reader: reader
            }
        }
        set {
            switch role {
            case .manager: manager = newValue
            case .user: user = newValue
            case .reader: reader = newValue
            }
        }
    }
}
