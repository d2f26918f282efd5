import Secrets
import Sessions
import Synchronization

/// Begins sessions, and knows them again: each is verified once and then remembered by its fingerprint until it ends.
final class SessionChecks: Sendable {
    private let signatory: Signatory
    private let fingerprints: Fingerprints
    private let known = Mutex<[Fingerprint: Session]>([:])

    private static let capacity = 10_000

    init(_ signatory: Signatory) throws(SecretsError) {
        self.signatory = signatory
        fingerprints = try Fingerprints()
    }

    /// A session that was verified before; whether it has ended is for the directory to say.
    func recall(_ text: String) -> Session? {
        let fingerprint = fingerprints.fingerprint(of: text)
        return known.withLock { $0[fingerprint] }
    }

    /// The session that a text stands for, if it is one of ours and valid now.
    func verify(_ text: String) async -> Session? {
        let seconds = Clock.now / 1_000
        guard let session = await signatory.session(of: text, now: seconds) else { return nil }
        let fingerprint = fingerprints.fingerprint(of: text)
        known.withLock { known in
            if known.count >= Self.capacity { known = known.filter { $0.value.ends > seconds } }
            if known.count >= Self.capacity { known = [:] }
            known[fingerprint] = session
        }
        return session
    }

    /// When a session of ours ended, in seconds since 1970; nil if the text is none, or has not ended.
    func end(of text: String) async -> Int? { await signatory.end(of: text, now: Clock.now / 1_000) }

    /// The text of a new session.
    func begin(_ session: Session) async throws(ServiceError) -> String {
        do {
            return try await signatory.sign(session)
        } catch {
            throw .busy("a session cannot be signed")
        }
    }

    /// Takes the keys anew, and forgets what earlier ones were trusted for.
    func reload() async throws {
        try await signatory.reload(now: Clock.now / 1_000)
        known.withLock { $0 = [:] }
    }
}
