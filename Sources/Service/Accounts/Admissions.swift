import HTTP
import Secrets
import Synchronization

/// Those who were let in lately, by a fingerprint of what they showed: so that a token is not decoded, hashed and looked up
/// anew with each request.
///
/// Who is remembered is let in only as long as nothing at all has changed of users, groups, tokens and keys, and his own
/// time has not run out; else he is looked up again. Nobody who was refused is remembered.
final class Admissions: Sendable {
    private let fingerprints: Fingerprints
    private let callers = Mutex<[Fingerprint: Caller]>([:])

    private static let capacity = 10_000

    init() throws(SecretsError) {
        fingerprints = try Fingerprints()
    }

    /// Who showed the same before.
    ///
    /// - Parameters:
    ///   - generation: which change of what is known of people is the newest.
    ///   - now: in milliseconds since 1970.
    func recall(_ head: Head, _ generation: Int, now: Int) -> Caller? {
        guard let fingerprint = fingerprint(head), let caller = callers.withLock({ $0[fingerprint] }),
            caller.term?.isOn(generation, now: now) == true
        else { return nil }
        return caller
    }

    /// Remembers somebody who was let in for longer than this request.
    func keep(_ caller: Caller, for head: Head) {
        guard caller.term != nil, let fingerprint = fingerprint(head) else { return }
        callers.withLock { callers in
            if callers.count >= Self.capacity { callers = [:] }
            callers[fingerprint] = caller
        }
    }

    private func fingerprint(_ head: Head) -> Fingerprint? {
        head.withHeader("Authorization", fingerprints.fingerprint)
    }
}
