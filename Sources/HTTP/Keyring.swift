import Synchronization
import TLS

/// The credentials that new connections use; they can be exchanged while the server runs.
final class Keyring: Sendable {
    private let credentials: Mutex<Credentials>

    init(_ credentials: Credentials) {
        self.credentials = Mutex(credentials)
    }

    var current: Credentials {
        get { credentials.withLock { $0 } }
        set { credentials.withLock { $0 = newValue } }
    }
}
