import Access
import OrderedCollections
import Secrets
import Sessions
import Store
import Tree

/// All who may come in: users, groups, tokens. A value that is replaced as a whole whenever one of them changes.
struct Directory: Sendable {
    private(set) var users: [String: UserRecord]
    private(set) var groups: OrderedDictionary<String, GroupRecord>
    private var tokens: [TokenHash: Entry] = [:]
    private var memberships: [String: Set<String>] = [:]
    private var names: [Int: String] = [:]

    /// A token, with the answer that it is shown for made beforehand: it is asked for with every request.
    private struct Entry {
        var record: TokenRecord
        /// Nil if its principal is not let in.
        let principal: Principal?
        /// The hour of its last use, counted from 1970.
        var hour: Int
    }

    init(users: [UserRecord], groups: [GroupRecord], tokens: [TokenRecord]) {
        self.users = Dictionary(users.map { ($0.name, $0) }) { first, _ in first }
        self.groups = OrderedDictionary(groups.map { ($0.name, $0) }) { first, _ in first }
        for user in users { names[user.id] = user.name }
        for group in groups {
            for member in group.members { memberships[member, default: []].insert(group.name) }
        }
        for token in tokens {
            guard let hash = TokenHash(bytes: token.hash) else { continue }
            self.tokens[hash] = Entry(
                record: token, principal: principal(of: token), hour: (token.used ?? 0) / Self.hour)
        }
    }

    static let hour = 3_600_000

    /// The tokens, oldest first.
    var tokenRecords: [TokenRecord] { tokens.values.map(\.record).sorted { $0.id < $1.id } }

    func groups(of name: String) -> Set<String> { memberships[name] ?? [] }

    func token(_ hash: TokenHash) -> TokenRecord? { tokens[hash]?.record }

    func user(_ id: Int) -> UserRecord? { names[id].flatMap { users[$0] } }

    /// Whom a proof lets in at `now`, in milliseconds since 1970; nil if it lets in nobody, or nobody any more.
    func principal(by proof: Proof, now: Int) -> Principal? {
        switch proof {
        case .token(let hash):
            guard let entry = tokens[hash], entry.record.expires ?? .max > now else { return nil }
            return entry.principal
        case .password(let id, let generation):
            return principal(of: id, generation, .none)
        case .session(let session):
            guard session.ends > now / 1_000 else { return nil }
            let rights = session.scope.map { Set($0.compactMap(Right.init)) }
            return principal(of: session.user, session.generation, Bounds(rights: rights))
        }
    }

    /// Until when a proof that lets somebody in does so if nothing changes, in milliseconds since 1970; nil if that is to be
    /// looked at each time. A token's use is noted once an hour, so that it counts anew in each.
    func end(of proof: Proof, now: Int) -> Int? {
        switch proof {
        case .token(let hash):
            return tokens[hash].map { min($0.record.expires ?? .max, (now / Self.hour + 1) * Self.hour) }
        case .session(let session):
            let (end, isBeyondAllTime) = session.ends.multipliedReportingOverflow(by: 1_000)
            return isBeyondAllTime ? nil : end
        case .password:
            return nil
        }
    }

    /// Whoever has that name: a user as he is now, disabled or not, or one that `access` may name all the same.
    func principal(named name: String) -> Principal {
        Principal(name: name, users[name].map(authority) ?? .granted(groups: groups(of: name)))
    }

    /// Notes that a token is used; its number if that was not noted within the same hour.
    mutating func use(_ hash: TokenHash, now: Int) -> Int? {
        guard let entry = tokens[hash], entry.hour != now / Self.hour else { return nil }
        tokens[hash]?.hour = now / Self.hour
        tokens[hash]?.record.used = now / Self.hour * Self.hour
        return entry.record.id
    }

    private func principal(of id: Int, _ generation: Int, _ bounds: Bounds) -> Principal? {
        guard let user = user(id), user.generation == generation, !user.isDisabled else { return nil }
        return Principal(name: user.name, authority(of: user), bounds: bounds)
    }

    /// A token stands for its user as he is now, or for a name that only the host makes tokens for. One whose bounds
    /// cannot be read lets nobody in.
    private func principal(of token: TokenRecord) -> Principal? {
        guard let bounds = Bounds(of: token) else { return nil }
        guard let user = users[token.principal] else {
            let authority: Authority =
                token.isSuperuser ? .superuser : .granted(groups: groups(of: token.principal))
            return Principal(name: token.principal, authority, bounds: bounds)
        }
        return user.isDisabled ? nil : Principal(name: user.name, authority(of: user), bounds: bounds)
    }

    private func authority(of user: UserRecord) -> Authority {
        user.isSuperuser ? .superuser : .granted(groups: groups(of: user.name))
    }
}

extension Bounds {
    /// What is stored of a token's bounds; nil if that cannot be read.
    init?(of token: TokenRecord) {
        self.init(certname: token.certname)
        if let text = token.folder {
            guard let path = try? Path(text) else { return nil }
            folder = path
        }
        guard let names = token.rights else { return }
        let known = names.compactMap(Right.init)
        guard known.count == names.count else { return nil }
        rights = Set(known)
    }
}
