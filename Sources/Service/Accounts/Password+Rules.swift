import Secrets

extension Password {
    /// The fewest characters that a new password may have.
    static let shortest = 12

    /// A new password for somebody. What is refused says why, and never what was sent.
    init(new text: String, for name: String) throws(ServiceError) {
        guard let password = Password(typed: text) else {
            throw .badRequest(
                "this cannot be a password: expected \(Password.shortest) characters or more, none of them a control "
                    + "character, and \(Password.longest) bytes at most")
        }
        guard password.count >= Password.shortest else {
            throw .badRequest("the password is too short: expected \(Password.shortest) characters or more")
        }
        guard !password.isName(name) else { throw .badRequest("the password is the user's name: expected another one") }
        self = password
    }
}
