import Foundation
import Secrets
public import Store

/// The token that this host makes for whoever administers it. It stands for `admin`, who is no user, and may do
/// everything.
public enum AdminToken {
    static let principal = "admin"

    /// Makes the token if the store knows nobody at all, and writes it to a file that only its owner may read.
    ///
    /// The file comes first: a crash between the two leaves a file that the next start writes again, never a token that
    /// nobody knows.
    ///
    /// - Returns: whether a token was made.
    public static func make(in store: any StateStore, file: String) throws -> Bool {
        guard try store.tokens().isEmpty, try store.users().isEmpty else { return false }
        try add("made at the first start", to: store, file: file)
        return true
    }

    /// Makes another token in place of those that stand for `admin` and are not narrowed, which let in nobody any more.
    ///
    /// - Returns: how many were revoked.
    public static func replace(in store: any StateStore, file: String) throws -> Int {
        let old = try store.tokens().filter { token in
            token.principal == principal && token.folder == nil && token.rights == nil && token.certname == nil
        }
        try add("made on the host", to: store, file: file)
        for token in old { _ = try store.removeToken(token.id, audit: entry("remove token")) }
        return old.count
    }

    private static func add(_ note: String, to store: any StateStore, file: String) throws {
        let token = try Token.random()
        try write(token.reveal() + "\n", to: file)
        _ = try store.add(
            TokenRecord(
                hash: token.hash.bytes, principal: principal, isSuperuser: true, note: note, created: Clock.now),
            audit: entry("add token"))
    }

    /// What is done on this host is done by whoever owns the database's file.
    private static func entry(_ action: String) -> AuditEntry {
        AuditEntry(time: Clock.now, principal: "headwaterd", action: action)
    }

    private static func write(_ text: String, to file: String) throws {
        let draft = file + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TokenFileError(file: draft, code: errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard fchmod(descriptor, 0o600) == 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0, rename(draft, file) == 0
        else { throw TokenFileError(file: file, code: errno) }
    }
}

/// Why the token's file could not be written.
public struct TokenFileError: Error, CustomStringConvertible {
    let file: String
    let code: Int32

    public var description: String {
        "\(file) cannot be written: \(String(cString: strerror(code))); the first superuser's token belongs there"
    }
}
