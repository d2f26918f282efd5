import Secrets
import Store
import Synchronization

/// Finds out whether a password is somebody's, at the same cost whether or not there is somebody of that name.
final class PasswordChecks: Sendable {
    private let desk = PasswordDesk()
    private let fingerprints: Fingerprints
    private let state = Mutex(State())

    private struct State {
        var verdicts = Verdicts()
        var watch = GuessWatch()
    }

    init() throws(SecretsError) {
        fingerprints = try Fingerprints()
    }

    /// What is known already: a proof, or that there is none; nil if the password has to be hashed to know.
    func recall(_ name: String, _ password: Password, _ user: UserRecord?) -> Result<Proof, ServiceError>? {
        let fingerprint = fingerprint(name, password, user)
        guard let isRight = state.withLock({ $0.verdicts.isRight(fingerprint, now: Clock.now) }) else { return nil }
        guard isRight, let user else { return .failure(.unauthenticated) }
        return .success(.password(user: user.id, generation: user.generation))
    }

    /// What the password proves.
    ///
    /// - Parameters:
    ///   - user: the user of that name; nil if there is none.
    ///   - address: where the attempt comes from.
    func check(
        _ name: String, _ password: Password, _ user: UserRecord?, from address: String
    ) async throws(ServiceError) -> Proof {
        let attempt = GuessWatch.Attempt(
            user: user?.id, name: fingerprints.fingerprint(of: name),
            network: Network.isShared(address) ? nil : Network.of(address))
        let pause = state.withLock { $0.watch.begin(attempt, now: Clock.now) }
        guard pause == 0 else { throw .slower(seconds: (pause + 999) / 1_000) }
        // Who has no password, or is not let in, is compared all the same.
        let known = user.flatMap { $0.isDisabled ? nil : $0.password.flatMap(PasswordHash.init(text:)) }
        let isRight: Bool
        do throws(ServiceError) {
            isRight = try await desk.run(for: attempt.network) { password.matches(known ?? .nobody) }
        } catch {
            state.withLock { $0.watch.withdraw(attempt) }
            throw error
        }
        let fingerprint = fingerprint(name, password, user)
        state.withLock { state in
            state.verdicts.insert(fingerprint, isRight: isRight && known != nil, now: Clock.now)
            if isRight, known != nil { state.watch.succeed(attempt) }
        }
        guard isRight, known != nil, let user else { throw .unauthenticated }
        return .password(user: user.id, generation: user.generation)
    }

    /// The hash of a new password.
    func hash(_ password: Password) async throws(ServiceError) -> String {
        let hash = try await desk.run(for: nil) { try? password.hash().text }
        guard let hash else { throw .busy("there is no memory to hash a password") }
        return hash
    }

    /// Of a user who is disabled it is another than of the same one who is not.
    private func fingerprint(_ name: String, _ password: Password, _ user: UserRecord?) -> Fingerprint {
        let whose = user.map { "\($0.id) \($0.generation) \($0.isDisabled)" } ?? "- \(name)"
        return fingerprints.fingerprint(of: password, whose)
    }
}
