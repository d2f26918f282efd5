import Secrets

/// What was found out lately about names and passwords, by fingerprint: so that a client of Basic is not hashed anew with
/// each request, right or wrong. The fingerprint covers the user's number and how often his password was changed, so a
/// change is felt at once.
struct Verdicts: Sendable {
    private var verdicts: [Fingerprint: Verdict] = [:]

    private struct Verdict {
        let isRight: Bool
        /// In milliseconds since 1970.
        let until: Int
    }

    /// How long a verdict is remembered, in milliseconds: five minutes.
    static let memory = 300_000
    private static let capacity = 4_096

    /// Whether the password is right; nil if that is not known.
    func isRight(_ fingerprint: Fingerprint, now: Int) -> Bool? {
        guard let verdict = verdicts[fingerprint], verdict.until > now, verdict.until - now <= Self.memory else {
            return nil
        }
        return verdict.isRight
    }

    mutating func insert(_ fingerprint: Fingerprint, isRight: Bool, now: Int) {
        if verdicts.count >= Self.capacity { verdicts = verdicts.filter { $0.value.until > now } }
        if verdicts.count >= Self.capacity { verdicts = verdicts.filter(\.value.isRight) }
        if verdicts.count >= Self.capacity { verdicts = [:] }
        verdicts[fingerprint] = Verdict(isRight: isRight, until: now + Self.memory)
    }
}
