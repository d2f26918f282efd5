import Access
import HTTP
import Logging
import Secrets
import Sessions
import Store
import Synchronization

/// Finds out who asks.
///
/// What a request shows is a `Credential`; what that proves is a `Proof`; whom a proof lets in is looked up in the
/// `Directory`, with every request that shows something new and again whenever a long answer is about to be given; and with
/// every request at all once something has changed in it. So what is revoked, disabled or changed counts at once, on
/// connections that are open too.
final class Accounts: Sendable {
    let passwords: PasswordChecks
    let sessions: SessionChecks
    private let newest: Mutex<Directory>
    /// How often the directory, or a key of sessions, was changed.
    private let generation = Atomic(0)
    private let admissions: Admissions
    private let certificates: CertificateRules
    private let attempts: AttemptLog
    /// When tokens were used of which the store does not know yet, by their numbers.
    private let uses = Mutex<[Int: Int]>([:])

    /// What is known at once of who sent a request.
    enum Finding: Sendable {
        case settled(Result<Caller, ServiceError>)
        /// It takes more than a look: a signature or a password has to be checked.
        case open(@Sendable () async -> Result<Caller, ServiceError>)
    }

    init(
        _ directory: Directory, _ certificates: CertificateRules, _ signatory: Signatory, _ auditor: Auditor,
        _ log: Logger
    ) throws(SecretsError) {
        newest = Mutex(directory)
        self.certificates = certificates
        passwords = try PasswordChecks()
        sessions = try SessionChecks(signatory)
        admissions = try Admissions()
        attempts = AttemptLog(log: log, auditor: auditor)
    }

    var directory: Directory { newest.withLock { $0 } }

    /// For the registrar only.
    func publish(_ directory: Directory) {
        newest.withLock { $0 = directory }
        // Afterwards, so that nobody is let in by the old one under the new number.
        generation.add(1, ordering: .releasing)
    }

    /// Takes the keys that sign sessions anew from their file.
    func reloadKeys() async throws {
        try await sessions.reload()
        generation.add(1, ordering: .releasing)
    }

    /// Who sent a request. A refusal says no word on why, save to who holds a token that was good once: that it has
    /// expired.
    func find(_ head: Head) -> Finding {
        let generation = generation.load(ordering: .acquiring)
        if let caller = admissions.recall(head, generation, now: Clock.now) { return .settled(.success(caller)) }
        let finding = judge(head, generation)
        if case .settled(.success(let caller)) = finding { admissions.keep(caller, for: head) }
        return finding
    }

    private func judge(_ head: Head, _ generation: Int) -> Finding {
        guard let credential = Credential(head) else { return .settled(.failure(.unauthenticated)) }
        switch credential {
        case .certificate(let certificate):
            return .settled(.success(Caller(certificates.principal(certificate), by: nil)))
        case .token(let token):
            return .settled(settle(.token(token.hash), .token, head.peer, generation))
        case .session(let text):
            if let session = sessions.recall(text) {
                return .settled(settle(.session(session), .session, head.peer, generation))
            }
            return .open { [self] in
                if let session = await sessions.verify(text) { return settle(.session(session), .session, head.peer) }
                let refusal = refuse(.session, nil, head.peer)
                return .failure(await sessions.end(of: text).map { .expired(seconds: $0) } ?? refusal)
            }
        case .password(let name, let password):
            if let known = passwords.recall(name, password, directory.users[name]) {
                return .settled(known.flatMap { settle($0, .password, head.peer) })
            }
            return .open { [self] in
                do throws(ServiceError) {
                    let proof = try await prove(name, password, from: head.peer)
                    return settle(proof, .password, head.peer)
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    /// An answer for whoever is known, another for who is not.
    func answer(
        _ head: Head, _ response: @escaping @Sendable () -> Response,
        refusal: @escaping @Sendable (ServiceError) -> Response
    ) -> Reception {
        let answer = { @Sendable (caller: Result<Caller, ServiceError>) -> Response in
            switch caller {
            case .success: response()
            case .failure(let error): refusal(error)
            }
        }
        switch find(head) {
        case .settled(let caller): return .respond(answer(caller))
        case .open(let find): return .suspend { answer(await find()) }
        }
    }

    /// Checks a password, and reports the attempt.
    func prove(_ name: String, _ password: Password, from address: String) async throws(ServiceError) -> Proof {
        let user = directory.users[name]
        do throws(ServiceError) {
            let proof = try await passwords.check(name, password, user, from: address)
            attempts.report(Attempt(way: .password, claimed: user?.name, address: address, wasAccepted: true))
            return proof
        } catch {
            switch error {
            case .unauthenticated, .slower: _ = refuse(.password, user?.name, address)
            default: break
            }
            throw error
        }
    }

    /// Whom a proof lets in now; nil if it lets in nobody any more.
    func principal(by proof: Proof) -> Principal? {
        let now = Clock.now
        return newest.withLock { directory in
            guard let principal = directory.principal(by: proof, now: now) else { return nil }
            if case .token(let hash) = proof, let id = directory.use(hash, now: now) {
                uses.withLock { $0[id] = now / Directory.hour * Directory.hour }
            }
            return principal
        }
    }

    /// What a proof is called in the audit log: `token 7`, `password`.
    func name(of proof: Proof?) -> String {
        switch proof {
        case .token(let hash): directory.token(hash).map { "token \($0.id)" } ?? "token"
        case .password: "password"
        case .session: "session"
        case nil: "certificate"
        }
    }

    /// The uses of tokens that were not taken before.
    func takeUses() -> [Int: Int] {
        uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
    }

    /// - Parameter generation: as of which change the proof was found good; nil if that is not known.
    private func settle(
        _ proof: Proof, _ way: Attempt.Way, _ address: String, _ generation: Int? = nil
    ) -> Result<Caller, ServiceError> {
        guard let principal = principal(by: proof) else {
            let refusal = refuse(way, nil, address)
            return .failure(expiry(of: proof) ?? refusal)
        }
        let end = newest.withLock { $0.end(of: proof, now: Clock.now) }
        let term = generation.flatMap { generation in end.map { Caller.Term(generation: generation, end: $0) } }
        return .success(Caller(principal, by: proof, term))
    }

    /// Says of a token or a session that is known that it has expired; nil if it has not, or is none.
    private func expiry(of proof: Proof) -> ServiceError? {
        switch proof {
        case .token(let hash):
            guard let expires = directory.token(hash)?.expires, expires <= Clock.now else { return nil }
            return .expired(expires)
        case .session(let session):
            return session.ends <= Clock.now / 1_000 ? .expired(seconds: session.ends) : nil
        case .password:
            return nil
        }
    }

    private func refuse(_ way: Attempt.Way, _ claimed: String?, _ address: String) -> ServiceError {
        attempts.report(Attempt(way: way, claimed: claimed, address: address, wasAccepted: false))
        return .unauthenticated
    }
}

extension ServiceError {
    /// A session that ended so many seconds after 1970 began.
    fileprivate static func expired(seconds: Int) -> ServiceError {
        let (time, isBeyondAllTime) = seconds.multipliedReportingOverflow(by: 1_000)
        return .expired(isBeyondAllTime ? 0 : time)
    }
}
