import Access
import HTTP
import Secrets
import Store
import Tree

/// Users, groups, tokens, and logging in.
enum AccountRoutes {
    static let all = UserRoutes.all + GroupRoutes.all + TokenRoutes.all + LoginRoutes.all
}

extension Call {
    /// Refuses a caller whose credential is narrowed: what was given for one purpose makes no other accounts or tokens.
    func requireWhole() throws(ServiceError) {
        guard principal.bounds == .none else {
            throw .forbidden("a token that is narrowed, and a session with a scope, change no users, groups or tokens")
        }
        guard principal.authority != .machine else { throw .forbidden("a machine has no users, groups or tokens") }
    }

    /// When the token that the caller came in with ends, in milliseconds since 1970; nil if it does not, or he came in
    /// with a password.
    var tokenExpiry: Int? {
        guard case .token(let hash) = proof else { return nil }
        return parts.accounts.directory.token(hash)?.expires
    }
}
