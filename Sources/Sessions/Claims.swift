/// A session as a token's payload has it: the registered claims of RFC 7519 §4.1, `scope` of RFC 9068 §2.2.3, and two
/// of Headwater's own.
struct Claims: Codable {
    let iss: String
    let aud: String
    let sub: String
    let iat: Int
    let nbf: Int
    let exp: Int
    let jti: String
    let scope: String?
    let uid: Int
    let gen: Int

    static let issuer = "headwater"
    static let audience = "headwater"
    /// Seconds by which the clock may have been set back since the token was made.
    private static let leeway = 60

    /// - Parameter id: what tells this token from any other.
    init(_ session: Session, id: String) {
        iss = Claims.issuer
        aud = Claims.audience
        sub = session.subject
        iat = session.begins
        nbf = session.begins
        exp = session.ends
        jti = id
        scope = session.scope?.joined(separator: " ")
        uid = session.user
        gen = session.generation
    }

    /// The session, if the token is one of Headwater's and valid now.
    func session(at now: Int) -> Session? {
        guard iss == Claims.issuer, aud == Claims.audience, !sub.isEmpty, exp > now, iat <= exp else { return nil }
        guard max(nbf, iat) <= now + Claims.leeway else { return nil }
        return Session(
            subject: sub, user: uid, generation: gen, scope: scope?.split(separator: " ").map(String.init), begins: iat,
            ends: exp)
    }
}
