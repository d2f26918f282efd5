import Access
import TLS

/// Who the bearer of a client certificate is.
///
/// The authority is taken to be Puppet's: each of its certificates is a machine's, its name the machine's certname. A
/// machine reads the documents made for it, and nothing else. Compilers read those of every machine.
public struct CertificateRules: Hashable, Sendable {
    /// The names of the compilers' certificates.
    public var compilers: Set<String> = []
    /// The values of the extension `pp_auth_role` that make a compiler. Puppet's authority signs that extension only when
    /// told to (`allow-authorization-extensions`); no value at all makes one unless it stands here.
    public var roles: Set<String> = []
    /// Names that only superusers give to machines, beside those of the compilers: of the authority, of the service itself.
    public var reserved: Set<String> = []

    public init() {}

    /// Puppet's registered extension `pp_auth_role` (puppet: `lib/puppet/ssl/oids.rb`).
    static let authorizationRole = "1.3.6.1.4.1.34380.1.3.13"

    func principal(_ certificate: Certificate) -> Principal {
        let role = certificate.extensions[CertificateRules.authorizationRole]
        guard compilers.contains(certificate.name) || role.map(roles.contains) == true else {
            return Principal(name: certificate.name, .machine)
        }
        return Principal(name: certificate.name, .superuser, bounds: Bounds(rights: [.view]))
    }
}
