/// Somebody tried to come in.
struct Attempt: Sendable {
    enum Way: String, Sendable {
        case token, session, password
    }

    let way: Way
    /// Whom he claimed to be, where the claim is the name of a user; a text that is none may be a password.
    let claimed: String?
    /// The address that he came from.
    let address: String
    let wasAccepted: Bool
}
