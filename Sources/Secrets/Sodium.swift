import CSodium

/// The library's own start.
enum Sodium {
    /// Whether libsodium could be started; tried once in a process.
    static let isReady = sodium_init() >= 0

    static func start() throws(SecretsError) {
        guard isReady else { throw .noRandomness }
    }
}
