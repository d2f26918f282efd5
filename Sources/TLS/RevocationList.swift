import CGnuTLS
import Glibc

/// The lists of revoked certificates of a file; freed with their owner.
final class RevocationList {
    private var pointers: [gnutls_x509_crl_t?]
    let warnings: [String]

    /// Takes only lists that one of these authorities has signed.
    init(_ file: PEMFile, _ authorities: CertificateList) throws(CredentialsError) {
        var list: UnsafeMutablePointer<gnutls_x509_crl_t?>?
        var count: UInt32 = 0
        let status = file.withDatum { gnutls_x509_crl_list_import2(&list, &count, $0, GNUTLS_X509_FMT_PEM, 0) }
        guard status >= 0, let list, count > 0 else {
            throw CredentialsError(file.name, "holds no list of revoked certificates in PEM: \(message(status))")
        }
        pointers = Array(UnsafeBufferPointer(start: list, count: Int(count)))
        headwater_free(list)
        var warnings: [String] = []
        for (index, pointer) in pointers.enumerated() {
            guard RevocationList.isSigned(pointer, by: authorities) else {
                throw CredentialsError(
                    file.name,
                    "list \(index + 1) of \(count) is signed by none of the client authorities; expected their own lists"
                )
            }
            if gnutls_x509_crl_get_next_update(pointer) <= time(nil) {
                warnings.append(
                    "\(file.name): list \(index + 1) of \(count) is outdated; every client certificate is refused")
            }
        }
        let listed = Set(pointers.compactMap(RevocationList.issuer))
        let missing = authorities.pointers.compactMap(RevocationList.subject).count { !listed.contains($0) }
        if missing > 0 {
            warnings.append(
                "\(file.name): \(missing) of the client authorities have no list, so nothing of theirs is revoked")
        }
        self.warnings = warnings
    }

    deinit {
        for pointer in pointers { gnutls_x509_crl_deinit(pointer) }
    }

    /// When the first of them is outdated, in seconds since 1970-01-01T00:00:00Z; a list without such a time never is.
    var expires: Int? {
        pointers.map { gnutls_x509_crl_get_next_update($0) }.filter { $0 > 0 }.min()
    }

    /// Leaves the lists to another owner.
    func release() -> [gnutls_x509_crl_t?] {
        defer { pointers = [] }
        return pointers
    }

    private static func isSigned(_ list: gnutls_x509_crl_t?, by authorities: CertificateList) -> Bool {
        var status: UInt32 = 0
        let pointers = authorities.pointers
        guard gnutls_x509_crl_verify(list, pointers, UInt32(pointers.count), 0, &status) == 0 else { return false }
        // Whether it is outdated is another matter; GnuTLS calls it invalid for that as well.
        let ofTime = [
            GNUTLS_CERT_INVALID, GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE,
        ]
        return status & ~ofTime.reduce(0) { $0 | $1.rawValue } == 0
    }

    private static func issuer(_ list: gnutls_x509_crl_t?) -> [UInt8]? {
        var name = gnutls_datum_t()
        return gnutls_x509_crl_get_raw_issuer_dn(list, &name) == 0 ? bytes(taking: name) : nil
    }

    private static func subject(_ certificate: gnutls_x509_crt_t?) -> [UInt8]? {
        var name = gnutls_datum_t()
        return gnutls_x509_crt_get_raw_dn(certificate, &name) == 0 ? bytes(taking: name) : nil
    }

    /// The bytes of a datum that GnuTLS allocated, which is freed.
    private static func bytes(taking datum: gnutls_datum_t) -> [UInt8] {
        defer { headwater_free(datum.data) }
        return Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
    }
}
