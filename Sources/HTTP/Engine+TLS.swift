import TLS

extension Engine {
    /// What the client's certificate proves; nil without one. A client whose certificate proves nothing is refused,
    /// whatever else it shows.
    func certificate(of client: Client) throws(Refusal) -> Certificate? {
        guard let keyring, let secure = client.secure else { return nil }
        switch secure.peer(keyring.current) {
        case .none: return nil
        case .verified(let certificate): return certificate
        case .refused(let reason): throw Refusal(401, "the client certificate is refused: \(reason)")
        }
    }
}
