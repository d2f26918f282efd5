/// What is known of a session's other side by its certificate.
public enum Peer: Hashable, Sendable {
    /// It has shown none, or was not asked.
    case none
    /// It has shown one that proves nothing; the reason goes on after "the client certificate is refused: ".
    case refused(String)
    case verified(Certificate)
}
