import CMicroHTTPD
import Glibc

/// Follows the lines of a request's head through libmicrohttpd's memory, and so finds what libmicrohttpd passes over.
///
/// libmicrohttpd splits a head in place: separators and the ends of lines become NULs, all else stays where it was. A line
/// that does not begin two bytes behind the one before was folded (RFC 9112 §5.2), follows a bare line feed (§2.2), or a
/// NUL stands in the one before (RFC 9110 §5.5). Proxies read such heads in other ways, so none of them may be answered.
struct HeadLines {
    /// Where the next line has to begin, and the empty one at the end.
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private var isSound: Bool

    /// Whether libmicrohttpd leaves that to be judged here.
    private static let areKept = headwater_keeps_lines() != 0

    /// Begins with the request line, of which the target had so many bytes.
    init(_ request: Request, targetCount: Int) {
        let method = UnsafeRawPointer(request.method)
        let url = UnsafeRawPointer(request.url)
        let version = UnsafeRawPointer(request.version)
        // One space in the middle, one before the version, which libmicrohttpd has found to be 8 bytes.
        isSound = url == method + strlen(request.method) + 1 && version == url + targetCount + 1
        next = version + 8 + HeadLines.lineEnd
        end = method + headwater_head_size(request.connection) - HeadLines.lineEnd
    }

    /// Takes the next header.
    mutating func take(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        guard let start = value.baseAddress else { return isSound = false }
        isSound = isSound && name.baseAddress == next
        next = start + value.count + HeadLines.lineEnd
    }

    /// Whether all lines were ended as they have to be; to be asked when all have been taken.
    var areSound: Bool { !HeadLines.areKept || (isSound && next == end) }

    /// Bytes of CRLF.
    private static let lineEnd = 2
}
