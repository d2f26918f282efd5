import CGnuTLS
import Glibc

/// Certificates in the order of their file or of a handshake; freed with their owner.
final class CertificateList {
    private(set) var pointers: [gnutls_x509_crt_t?]

    /// Those of a file, at least one.
    init(_ file: PEMFile) throws(CredentialsError) {
        var list: UnsafeMutablePointer<gnutls_x509_crt_t?>?
        var count: UInt32 = 0
        let status = file.withDatum { gnutls_x509_crt_list_import2(&list, &count, $0, GNUTLS_X509_FMT_PEM, 0) }
        guard status >= 0, let list, count > 0 else {
            throw CredentialsError(file.name, "holds no certificate in PEM: \(message(status))")
        }
        pointers = Array(UnsafeBufferPointer(start: list, count: Int(count)))
        headwater_free(list)
    }

    /// Those that the other side of a session has shown; nil if it has shown none, or one that is none.
    init?(peersOf session: OpaquePointer) {
        var count: UInt32 = 0
        guard let chain = gnutls_certificate_get_peers(session, &count) else { return nil }
        pointers = []
        for datum in UnsafeBufferPointer(start: chain, count: Int(count)) {
            var certificate: gnutls_x509_crt_t?
            var datum = datum
            guard gnutls_x509_crt_init(&certificate) == 0 else { return nil }
            pointers.append(certificate)
            guard gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_DER) == 0 else { return nil }
        }
    }

    deinit {
        for pointer in pointers { gnutls_x509_crt_deinit(pointer) }
    }

    var first: gnutls_x509_crt_t? { pointers.first ?? nil }

    /// When the first of them expires to hold, in seconds since 1970-01-01T00:00:00Z.
    var expires: Int { pointers.map { gnutls_x509_crt_get_expiration_time($0) }.min() ?? 0 }

    /// When the last of them begins to hold.
    var begins: Int { pointers.map { gnutls_x509_crt_get_activation_time($0) }.max() ?? 0 }

    /// Leaves the certificates to another owner.
    func release() -> [gnutls_x509_crt_t?] {
        defer { pointers = [] }
        return pointers
    }
}

/// What GnuTLS says of one of its errors.
func message(_ status: Int32) -> String {
    gnutls_strerror(status).map { String(cString: $0) } ?? "error \(status)"
}
