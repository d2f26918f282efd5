import CGnuTLS
import Glibc

/// What a server presents to its clients, and whom it believes. Read and checked once; new files make new credentials.
public final class Credentials: Sendable {
    public let files: Files
    /// What is odd about the files, and no error: one sentence each.
    public let warnings: [String]
    /// When the server's certificate expires, in seconds since 1970-01-01T00:00:00Z.
    public let expires: Int
    /// Never changed after `init`; GnuTLS shares it among sessions.
    nonisolated(unsafe) private let pointer: gnutls_certificate_credentials_t
    private let authorities: Authorities?

    /// Seconds before its end from which on an expiry is worth a warning.
    private static let notice = 14 * 86_400

    public init(_ files: Files) throws(CredentialsError) {
        let certificate = try PEMFile(files.certificate)
        let key = try PEMFile(files.key)
        let authorities = try files.authorities.map { file throws(CredentialsError) in try PEMFile(file) }
        let revocations = try files.revocations.map { file throws(CredentialsError) in try PEMFile(file) }
        if let revocations, authorities == nil {
            throw CredentialsError(
                revocations.name, "lists revoked certificates of no authority: expected a client authority too")
        }
        let chain = try CertificateList(certificate)
        try Credentials.checkTime(of: chain, certificate)

        var pointer: gnutls_certificate_credentials_t?
        guard gnutls_certificate_allocate_credentials(&pointer) == 0, let pointer else {
            throw CredentialsError(certificate.name, "cannot be kept: there is no memory")
        }
        do throws(CredentialsError) {
            try Credentials.set(certificate, key, in: pointer)
            self.authorities = try authorities.map { file throws(CredentialsError) in
                try Authorities(file, revocations: revocations)
            }
        } catch {
            gnutls_certificate_free_credentials(pointer)
            throw error
        }
        // Only so that the request for a certificate names them; what they sign is verified by `Authorities`.
        authorities?.withDatum { _ = gnutls_certificate_set_x509_trust_mem(pointer, $0, GNUTLS_X509_FMT_PEM) }
        self.pointer = pointer
        self.files = files
        expires = chain.expires
        warnings = Credentials.warnings(certificate, chain, key) + (self.authorities?.warnings ?? [])
    }

    deinit {
        gnutls_certificate_free_credentials(pointer)
    }

    /// Makes a session use these credentials; to be called before its handshake. They have to outlive it.
    public func use(in session: OpaquePointer) {
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(pointer))
        if authorities != nil { gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST) }
    }

    /// What the certificate of a session's other side proves at this moment; that it has the key, the handshake has shown.
    public func peer(of session: OpaquePointer) -> Peer {
        guard let authorities, gnutls_certificate_get_peers(session, nil) != nil else { return .none }
        guard let chain = CertificateList(peersOf: session), let first = chain.first else {
            return .refused("it cannot be read")
        }
        if let flaw = authorities.flaw(in: chain) { return .refused(flaw) }
        do throws(Flaw) {
            return .verified(try Certificate(first))
        } catch {
            return .refused(error.reason)
        }
    }

    private static func checkTime(of chain: CertificateList, _ file: PEMFile) throws(CredentialsError) {
        let now = time(nil)
        guard chain.expires > now else { throw CredentialsError(file.name, "expired on \(day(chain.expires))") }
        guard chain.begins <= now else {
            throw CredentialsError(file.name, "does not hold yet, but from \(day(chain.begins))")
        }
    }

    private static func set(
        _ certificate: PEMFile, _ key: PEMFile, in credentials: gnutls_certificate_credentials_t
    ) throws(CredentialsError) {
        let status = certificate.withDatum { certificate in
            key.withDatum { key in
                gnutls_certificate_set_x509_key_mem2(credentials, certificate, key, GNUTLS_X509_FMT_PEM, nil, 0)
            }
        }
        switch status {
        case 0...: return
        case GNUTLS_E_CERTIFICATE_KEY_MISMATCH:
            throw CredentialsError(key.name, "does not match the certificate in \(certificate.name)")
        case GNUTLS_E_DECRYPTION_FAILED:
            throw CredentialsError(key.name, "is encrypted; expected a key without a passphrase")
        default:
            throw CredentialsError(key.name, "holds no private key in PEM that can be used: \(message(status))")
        }
    }

    private static func warnings(_ certificate: PEMFile, _ chain: CertificateList, _ key: PEMFile) -> [String] {
        var warnings: [String] = []
        if chain.expires - notice <= time(nil) {
            warnings.append("\(certificate.name): expires on \(day(chain.expires))")
        }
        if key.mode & 0o007 != 0 {
            warnings.append(
                "\(key.name): any user of this machine may read it (mode 0\(String(key.mode, radix: 8))); expected 0600"
            )
        }
        return warnings
    }

    /// `2026-11-21`.
    private static func day(_ seconds: Int) -> String {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let two = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    }
}
