import Secrets
import Sessions

/// What a request has proved about who sent it. Whom that lets in, and whether it still does, says the `Directory`, each
/// time it is asked.
enum Proof: Hashable, Sendable {
    /// The token of this hash was shown.
    case token(TokenHash)
    /// The user of this number showed the password that was his after so many changes.
    case password(user: Int, generation: Int)
    /// The same, when the session began.
    case session(Session)
}
