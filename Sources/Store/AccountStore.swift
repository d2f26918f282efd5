/// Users, groups and tokens.
public protocol AccountStore: Sendable {
    /// All users, oldest first.
    func users() throws(StoreError) -> [UserRecord]

    /// Adds a user, with its number given by the store. A name can be there once.
    func add(_ user: UserRecord, audit: AuditEntry?) throws(StoreError) -> UserRecord

    /// Writes what may change in a user: password, generation, whether superuser, whether disabled. The tokens of one who is
    /// disabled are forgotten.
    func save(_ user: UserRecord, audit: AuditEntry?) throws(StoreError)

    /// Forgets a user, his tokens and his place in groups; false if there was none of that number.
    func removeUser(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool

    /// All groups, oldest first.
    func groups() throws(StoreError) -> [GroupRecord]

    /// Adds a group, with its number given by the store. A name can be there once.
    func add(_ group: GroupRecord, audit: AuditEntry?) throws(StoreError) -> GroupRecord

    /// Writes a group's members.
    func save(_ group: GroupRecord, audit: AuditEntry?) throws(StoreError)

    /// Forgets a group; false if there was none of that number.
    func removeGroup(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool

    /// All tokens, oldest first.
    func tokens() throws(StoreError) -> [TokenRecord]

    /// Adds a token, with its number given by the store. A hash can be there once.
    func add(_ token: TokenRecord, audit: AuditEntry?) throws(StoreError) -> TokenRecord

    /// Writes when tokens were last used, in milliseconds since 1970-01-01T00:00:00Z, by their numbers.
    func save(uses: [Int: Int]) throws(StoreError)

    /// Forgets a token; false if there was none of that number.
    func removeToken(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool
}
