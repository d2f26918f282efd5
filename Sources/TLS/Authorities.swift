import CGnuTLS
import Glibc

/// The authorities whose clients are believed, and the certificates that they took back.
final class Authorities: Sendable {
    /// Never changed after `init`; GnuTLS verifies with it in any number of threads at once.
    nonisolated(unsafe) private let list: gnutls_x509_trust_list_t
    /// When the first list of revoked certificates is outdated, in seconds since 1970-01-01T00:00:00Z; nil if there is
    /// none.
    let revocationsExpire: Int?
    /// What is odd about the files, and no error.
    let warnings: [String]

    init(_ file: PEMFile, revocations: PEMFile?) throws(CredentialsError) {
        let authorities = try CertificateList(file)
        let revoked = try revocations.map { file throws(CredentialsError) in try RevocationList(file, authorities) }
        revocationsExpire = revoked?.expires
        warnings = (revoked?.warnings ?? []) + Authorities.warnings(file, authorities)
        var list: gnutls_x509_trust_list_t?
        guard gnutls_x509_trust_list_init(&list, 0) == 0, let list else {
            throw CredentialsError(file.name, "cannot be kept: there is no memory")
        }
        self.list = list
        // From here on the list frees what it was given.
        let anchors = authorities.release()
        gnutls_x509_trust_list_add_cas(list, anchors, UInt32(anchors.count), 0)
        if let lists = revoked?.release() {
            gnutls_x509_trust_list_add_crls(list, lists, UInt32(lists.count), 0, 0)
        }
    }

    deinit {
        gnutls_x509_trust_list_deinit(list, 1)
    }

    /// Why a chain, a client's own certificate first, proves nothing; nil if it holds up.
    func flaw(in chain: CertificateList) -> String? {
        if let revocationsExpire, revocationsExpire <= time(nil) {
            return "the list of revoked certificates is outdated, so none can be believed"
        }
        var pointers = chain.pointers
        var status: UInt32 = 0
        guard headwater_verify_client(list, &pointers, UInt32(pointers.count), &status) == 0 else {
            return "it cannot be verified"
        }
        return Authorities.flaw(status)
    }

    /// The gravest of the flaws that GnuTLS found.
    private static func flaw(_ status: UInt32) -> String? {
        let flaws: [(gnutls_certificate_status_t, String)] = [
            (GNUTLS_CERT_REVOKED, "it has been revoked"),
            (GNUTLS_CERT_SIGNER_NOT_FOUND, "none of the authorities that are believed has signed it"),
            (GNUTLS_CERT_SIGNER_NOT_CA, "its signer is no authority"),
            (GNUTLS_CERT_SIGNATURE_FAILURE, "its signature is wrong"),
            (GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "its signer may not sign it"),
            (GNUTLS_CERT_INSECURE_ALGORITHM, "its signature is of a kind that can be forged"),
            (GNUTLS_CERT_EXPIRED, "it has expired"),
            (GNUTLS_CERT_NOT_ACTIVATED, "it does not hold yet"),
            (GNUTLS_CERT_PURPOSE_MISMATCH, "it is not for clients"),
        ]
        guard status != 0 else { return nil }
        return flaws.first { status & $0.0.rawValue != 0 }?.1 ?? "it does not hold up"
    }

    private static func warnings(_ file: PEMFile, _ authorities: CertificateList) -> [String] {
        authorities.expires <= time(nil) ? ["\(file.name): an authority has expired; its clients are refused"] : []
    }
}
