import CMicroHTTPD
import Glibc

/// libmicrohttpd's own function for answers, and its own answers.
///
/// libmicrohttpd answers what it cannot read by itself: with HTML, in one case with a word about itself, and in others with
/// two heads. It does so through `MHD_queue_response`, as everybody does. The program has a function of that name too, which
/// the loader takes for libmicrohttpd's calls as well (ld.so(8), symbol interposition). What calls that one is libmicrohttpd,
/// for the program itself calls the function behind it.
enum Library {
    private typealias Queue = @convention(c) (OpaquePointer?, UInt32, OpaquePointer?) -> MHD_Result

    private static let function: Queue? = {
        // RTLD_NEXT is a cast, which Swift does not import.
        let next = UnsafeMutableRawPointer(bitPattern: -1)
        return dlsym(next, "MHD_queue_response").map { unsafeBitCast($0, to: Queue.self) }
    }()

    /// Queues an answer on the connection's worker; false if libmicrohttpd does not take it.
    static func queue(_ response: OpaquePointer, status: Int, on connection: OpaquePointer) -> Bool {
        function?(connection, UInt32(clamping: status), response) == .YES
    }

    /// The status and the sentence that take the place of an answer of libmicrohttpd's.
    static func refusal(_ status: Int, _ configuration: Configuration) -> Refusal {
        switch status {
        case 400: Refusal(400, "the request is malformed: expected a head and a body as RFC 9112 has them")
        case 413: Refusal(413, "the body is too large: expected at most \(configuration.bodyLimit) bytes")
        case 414, 431:
            Refusal(
                status,
                "the request's line and headers are too large: expected at most \(configuration.headLimit) bytes")
        // All that libmicrohttpd finds no room for once the head is there is the line before a chunk.
        case 500: Refusal(400, "a chunk's size is malformed: expected hexadecimal digits, and no long extension")
        case 505: Refusal(505, "the version is not supported: expected HTTP/1.1 or HTTP/1.0")
        default: Refusal(status, "the request cannot be read")
        }
    }
}

/// libmicrohttpd queues an answer of its own. Ours is sent at once, and nothing can be sent after it, so that libmicrohttpd
/// closes the connection when it tries to. (Where it is told that its answer cannot be queued, it closes the connection in the
/// middle of reading the head, and goes on reading.)
@_cdecl("MHD_queue_response")
func onLibraryAnswer(_ connection: OpaquePointer?, _ status: UInt32, _ response: OpaquePointer?) -> MHD_Result {
    guard let connection, let response else { return .NO }
    withClient(headwater_attached(connection)) { $0.refuse(status: Int(status)) }
    return Library.queue(response, status: Int(status), on: connection) ? .YES : .NO
}
