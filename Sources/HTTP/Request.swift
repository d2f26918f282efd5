import CMicroHTTPD
import Glibc
import TLS

/// A request as libmicrohttpd shows it, for the time of one callback.
struct Request {
    let connection: OpaquePointer
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>

    /// Nil if the connection was attached nothing to, which does not happen.
    var client: Client? {
        headwater_attached(connection).map { Unmanaged<Client>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether the client speaks HTTP/1.1, and so knows of chunks.
    var isHTTP11: Bool { strcmp(version, "HTTP/1.1") == 0 }

    /// Whether a body follows the head.
    var hasBody: Bool {
        MHD_lookup_connection_value(connection, .HEADER_KIND, "Content-Length") != nil
            || MHD_lookup_connection_value(connection, .HEADER_KIND, "Transfer-Encoding") != nil
    }

    /// The path as sent.
    var path: UnsafeBufferPointer<UInt8> {
        let sent = UnsafeRawBufferPointer(start: url, count: strlen(url))
        return Target.path(of: sent.assumingMemoryBound(to: UInt8.self))
    }

    /// The head that a handler gets.
    func head(_ fields: Fields, peer: String, _ certificate: Certificate?) throws(Refusal) -> Head {
        guard let method = Method(rawValue: String(cString: method)) else {
            let known = Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(501, "the method is not implemented: expected one of \(known)")
        }
        guard let segments = Target.segments(of: path) else {
            throw Refusal(
                400,
                "the path is malformed: expected / and segments that are not empty, . or .., in percent-encoded UTF-8,"
                    + " without an encoded / or NUL")
        }
        guard !fields.hasBadQuery else {
            throw Refusal(400, "the query is malformed: expected percent-encoded UTF-8 without NUL")
        }
        return Head(method: method, segments: segments, peer: peer, certificate: certificate, fields: fields)
    }
}
