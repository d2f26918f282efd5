/// What is kept of a token: never the token itself.
public struct TokenRecord: Hashable, Sendable, Identifiable {
    /// Numbered by the store from 1 upward; 0 for one that was not stored yet.
    public internal(set) var id: Int
    /// The hash that a token shown by a client is compared with.
    public let hash: [UInt8]
    /// Whom the token stands for.
    public let principal: String
    /// Whether its principal may do everything, for one that is no user.
    public let isSuperuser: Bool
    /// What it is for, in the words of whoever made it.
    public let note: String?
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    public let created: Int
    /// When it stops being valid, in milliseconds since 1970-01-01T00:00:00Z; nil for never.
    public let expires: Int?
    /// The folder that it is bound to, as a path; nil for all.
    public let folder: String?
    /// The rights that it is bound to; nil for all that its principal has.
    public let rights: [String]?
    /// The machine that it is bound to, by the name that tools know; nil for all.
    public let certname: String?
    /// When it was last used, to the hour, in milliseconds since 1970-01-01T00:00:00Z; nil for never.
    public var used: Int?

    public init(
        id: Int = 0, hash: [UInt8], principal: String, isSuperuser: Bool = false, note: String? = nil, created: Int,
        expires: Int? = nil, folder: String? = nil, rights: [String]? = nil, certname: String? = nil, used: Int? = nil
    ) {
        self.id = id
        self.hash = hash
        self.principal = principal
        self.isSuperuser = isSuperuser
        self.note = note
        self.created = created
        self.expires = expires
        self.folder = folder
        self.rights = rights
        self.certname = certname
        self.used = used
    }
}
