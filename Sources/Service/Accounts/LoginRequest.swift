import Access
import HTTP
import Secrets

/// What a client of the password grant sends (RFC 6749 §4.3.2). Clients are not registered: what one says of itself is
/// not asked for, and not read.
struct LoginRequest: Sendable {
    let name: String
    let password: Password
    /// Names of rights (RFC 6749 §3.3); nil for all that the user has.
    let scope: [String]?

    init(_ form: Form?) throws(LoginError) {
        guard let form else {
            throw LoginError("invalid_request", "expected a body of type application/x-www-form-urlencoded in UTF-8")
        }
        guard let grant = try LoginRequest.value("grant_type", form) else {
            throw LoginError("invalid_request", "expected grant_type=password")
        }
        guard grant == "password" else {
            throw LoginError("unsupported_grant_type", "the one grant_type that there is is password")
        }
        guard let name = try LoginRequest.value("username", form),
            let text = try LoginRequest.value("password", form)
        else { throw LoginError("invalid_request", "expected username and password") }
        guard let password = Password(typed: text) else { throw .refused }
        self.name = name
        self.password = password
        let names = try LoginRequest.value("scope", form)?.split(separator: " ").map(String.init)
        if let names {
            guard !names.isEmpty, names.allSatisfy({ Right(rawValue: $0) != nil }) else {
                let rights = Right.allCases.map(\.rawValue).joined(separator: " ")
                throw LoginError("invalid_scope", "a scope is of these: \(rights)")
            }
        }
        scope = names
    }

    /// A parameter, which may stand there once.
    private static func value(_ name: String, _ form: Form) throws(LoginError) -> String? {
        let values = form.values(name)
        guard values.count <= 1 else { throw LoginError("invalid_request", "\(name) is given more than once") }
        return values.first
    }
}
