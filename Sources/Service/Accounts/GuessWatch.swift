import Secrets

/// Slows down who guesses passwords: for each account, and for each network that guesses come from.
///
/// The pauses of an account do not hold for networks from which its user came in lately, so nobody is kept out of his
/// account by others who guess at it. This machine's own address is neither trusted nor paused: a proxy's clients share it.
struct GuessWatch: Sendable {
    private var users = Pauses<Int>(free: 5, longest: 300_000)
    /// Names that no user has are paused like those that one has, and counted apart, so that they push no user out.
    private var strangers = Pauses<Fingerprint>(free: 5, longest: 300_000)
    private var networks = Pauses<String>(free: 20, longest: 900_000)
    private var trusted: [Int: [String]] = [:]

    /// How many networks are remembered of a user.
    private static let networksOfOne = 8

    /// For whom and from where a password is tried.
    struct Attempt: Sendable {
        /// The user's number; nil if there is none of that name.
        let user: Int?
        let name: Fingerprint
        /// Nil for an address that says nothing about who is behind it.
        let network: String?
    }

    /// Charges an attempt, or says how long none is heard, in milliseconds.
    mutating func begin(_ attempt: Attempt, now: Int) -> Int {
        let pause = max(accountPause(attempt, now), attempt.network.map { networks.remaining($0, now: now) } ?? 0)
        guard pause == 0 else { return pause }
        if let user = attempt.user {
            users.charge(user, now: now)
        } else {
            strangers.charge(attempt.name, now: now)
        }
        if let network = attempt.network { networks.charge(network, now: now) }
        return 0
    }

    /// The attempt was right.
    mutating func succeed(_ attempt: Attempt) {
        guard let user = attempt.user else { return }
        users.forgive(user)
        guard let network = attempt.network else { return }
        networks.refund(network)
        var known = trusted[user, default: []].filter { $0 != network }
        known.append(network)
        trusted[user] = Array(known.suffix(Self.networksOfOne))
    }

    /// The attempt was not made after all.
    mutating func withdraw(_ attempt: Attempt) {
        if let user = attempt.user { users.refund(user) } else { strangers.refund(attempt.name) }
        if let network = attempt.network { networks.refund(network) }
    }

    private func accountPause(_ attempt: Attempt, _ now: Int) -> Int {
        guard let user = attempt.user else { return strangers.remaining(attempt.name, now: now) }
        if let network = attempt.network, trusted[user]?.contains(network) == true { return 0 }
        return users.remaining(user, now: now)
    }
}
