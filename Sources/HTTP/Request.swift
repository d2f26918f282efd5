import CMicroHTTPD
import Glibc
import TLS

/// A request as libmicrohttpd shows it, for the time of one callback.
struct Request {
    let connection: OpaquePointer
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>

    /// Whether the client speaks HTTP/1.1, and so knows of chunks.
    var isHTTP11: Bool { strcmp(version, "HTTP/1.1") == 0 }

    /// Whether a body follows the head.
    var hasBody: Bool {
        has("Content-Length") || has("Transfer-Encoding")
    }

    private func has(_ header: StaticString) -> Bool {
        header.withUTF8Buffer { name in
            name.withMemoryRebound(to: CChar.self) {
                MHD_lookup_connection_value_n(connection, .HEADER_KIND, $0.baseAddress, $0.count, nil, nil) == .YES
            }
        }
    }

    /// The path as sent.
    var path: UnsafeRawBufferPointer {
        Target.path(of: UnsafeRawBufferPointer(start: url, count: strlen(url)))
    }

    /// The head that a handler gets.
    func head(_ fields: Fields, peer: String, _ certificate: Certificate?) throws(Refusal) -> Head {
        guard let method = Method(method) else {
            let known = Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(501, "the method is not implemented: expected one of \(known)")
        }
        guard fields.place != nil else {
            throw Refusal(
                400,
                "the path is malformed: expected / and segments that are not empty, . or .., in percent-encoded UTF-8,"
                    + " without an encoded / or NUL")
        }
        guard !fields.hasBadQuery else {
            throw Refusal(400, "the query is malformed: expected percent-encoded UTF-8 without NUL")
        }
        // Two readers could believe different ones (RFC 9112 §3.2).
        if fields.count("Host") > 1 { throw Refusal(400, "Host is given twice: expected it once") }
        if fields.count("Authorization") > 1 { throw Refusal(400, "Authorization is given twice: expected it once") }
        return Head(method: method, peer: peer, certificate: certificate, fields: fields)
    }
}
