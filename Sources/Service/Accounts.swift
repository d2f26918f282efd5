import Access
import Foundation
import HTTP
import Secrets
import Store
import Synchronization

/// Finds out who asks.
final class Accounts: Sendable {
    private struct Account {
        let principal: Principal
        /// In milliseconds since 1970-01-01T00:00:00Z.
        let expires: Int?
    }

    private let accounts: Mutex<[TokenHash: Account]>
    private let certificates: CertificateRules

    init(_ tokens: [TokenRecord], _ certificates: CertificateRules) {
        self.certificates = certificates
        var accounts: [TokenHash: Account] = [:]
        for token in tokens {
            guard let hash = TokenHash(bytes: token.hash) else { continue }
            let principal = Principal(
                name: token.principal, token.isSuperuser ? .superuser : .granted(groups: []))
            accounts[hash] = Account(principal: principal, expires: token.expires)
        }
        self.accounts = Mutex(accounts)
    }

    /// Who sent the request, by `Authorization: Bearer TOKEN` (RFC 6750) or by Basic (RFC 7617) with the user `token` and a
    /// token as the password; without that header, by a client certificate. Nil if there is neither, or the header is
    /// wrong, with no word on why.
    func principal(of head: Head) -> Principal? {
        guard let header = head.header("Authorization") else { return head.certificate.map(certificates.principal) }
        guard let token = Accounts.token(in: header) else { return nil }
        let hash = token.hash
        guard let account = accounts.withLock({ $0[hash] }) else { return nil }
        if let expires = account.expires, expires <= Clock.now { return nil }
        return account.principal
    }

    private static func token(in header: String) -> Token? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer":
            return Token(String(parts[1]))
        case "basic":
            guard let data = Data(base64Encoded: String(parts[1])), let text = String(bytes: data, encoding: .utf8),
                text.hasPrefix("token:")
            else { return nil }
            return Token(String(text.dropFirst("token:".count)))
        default:
            return nil
        }
    }
}
