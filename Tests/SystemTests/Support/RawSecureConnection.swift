import CGnuTLS
import Foundation
import Glibc

/// A TLS connection on which anything can be sent; it believes whatever certificate the other side shows.
final class RawSecureConnection: RawLine {
    private let descriptor: Int32
    /// GnuTLS's handles; used by one thread at a time.
    nonisolated(unsafe) private let session: gnutls_session_t
    nonisolated(unsafe) private let credentials: gnutls_certificate_credentials_t

    /// - Parameter url: `https://127.0.0.1:PORT`.
    init(_ url: String) throws {
        let plain = try RawConnection(url)
        descriptor = dup(plain.descriptor)
        var session: gnutls_session_t?
        var credentials: gnutls_certificate_credentials_t?
        gnutls_init(&session, UInt32(GNUTLS_CLIENT.rawValue | GNUTLS_NO_SIGNAL.rawValue))
        gnutls_certificate_allocate_credentials(&credentials)
        guard descriptor >= 0, let session, let credentials else { throw POSIXError(.ENOMEM) }
        self.session = session
        self.credentials = credentials
        gnutls_set_default_priority(session)
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        gnutls_transport_set_int2(session, descriptor, descriptor)
        var status: Int32 = 0
        repeat { status = gnutls_handshake(session) } while status < 0 && gnutls_error_is_fatal(status) == 0
        guard status == 0 else { throw POSIXError(.ECONNABORTED) }
    }

    deinit {
        gnutls_deinit(session)
        gnutls_certificate_free_credentials(credentials)
        close(descriptor)
    }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        // A record holds 16 KiB.
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { gnutls_record_send(session, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func readToEnd() -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = gnutls_record_recv(session, &part, part.count)
            if count > 0 {
                bytes += part[..<count]
            } else if gnutls_error_is_fatal(Int32(count)) != 0 || count == 0 {
                return bytes
            } else if count == Int(GNUTLS_E_AGAIN) {
                return nil
            }
        }
    }
}
