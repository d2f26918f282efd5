import CGnuTLS

/// What is sent on a session past its owner.
public enum Records {
    /// Sends some bytes. What the socket does not take at once is lost.
    public static func send(_ session: OpaquePointer, _ bytes: [UInt8]) {
        gnutls_record_send(session, bytes, bytes.count)
    }

    /// Sends some bytes and then says that these are the last (RFC 8446 §6.1). What the socket does not take at once is
    /// lost.
    public static func finish(_ session: OpaquePointer, with bytes: [UInt8]) {
        gnutls_record_send(session, bytes, bytes.count)
        gnutls_bye(session, GNUTLS_SHUT_WR)
    }
}
