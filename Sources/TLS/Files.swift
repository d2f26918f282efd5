/// The files that credentials are made of, all in PEM.
public struct Files: Hashable, Sendable {
    /// The server's certificate, and after it those that lead to an authority, in order.
    public var certificate: String
    /// Its private key, without a passphrase.
    public var key: String
    /// The authorities whose clients are believed; nil: clients are not asked for certificates.
    public var authorities: String?
    /// The authorities' lists of revoked certificates; nil: none is revoked.
    public var revocations: String?

    public init(certificate: String, key: String, authorities: String? = nil, revocations: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
        self.revocations = revocations
    }
}
