import Store

/// The one place where users, groups and tokens change: checks, writes to the store, then publishes.
///
/// A call that returns has its change on disk, and in force for every request that is answered after it.
actor Registrar {
    private let store: any StateStore
    private let accounts: Accounts
    private let thread = SerialThread("headwater.registrar")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ store: any StateStore, _ accounts: Accounts) {
        self.store = store
        self.accounts = accounts
    }

    /// Makes one change of what the directory holds.
    ///
    /// - Parameters:
    ///   - trail: what the audit log is to say of it, which `make` writes with the change.
    ///   - make: gets the directory as it is, for its preconditions, and writes to the store.
    func change<Result: Sendable>(
        _ trail: Trail?, _ make: @Sendable (Directory, any StateStore, AuditEntry?) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        let result = try make(accounts.directory, store, trail?.done())
        trail?.close()
        let store = store
        accounts.publish(
            try ServiceError.wrapping { () throws(StoreError) in
                Directory(users: try store.users(), groups: try store.groups(), tokens: try store.tokens())
            })
        return result
    }

    /// Writes when tokens were last used.
    func saveUses() {
        let uses = accounts.takeUses()
        // What is lost with a full disk is when a token was used, to the hour.
        if !uses.isEmpty { try? store.save(uses: uses) }
    }
}
