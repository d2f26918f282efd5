import CMicroHTTPD

/// A response as libmicrohttpd sends it, to any number of connections, one after the other or at once.
///
/// A handler that has the same to say again keeps it, and saves what most of the work of an answer is: its headers.
public final class Answer: Sendable {
    public let status: Int
    /// Counts its users itself, under a lock of its own.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// The body, which `pointer` keeps.
    private unowned(unsafe) let body: Body

    /// Nil if there is no memory for it, or its status is none. It keeps the body until the last connection is done with it.
    ///
    /// - Parameter response: one that is there as a whole: without a `flow`.
    public init?(_ response: Response) {
        let kept = Unmanaged.passRetained(response.body)
        guard (200...599).contains(response.status),
            let pointer = MHD_create_response_from_buffer_with_free_callback_cls(
                response.body.count, response.body.start, onSent, kept.toOpaque())
        else {
            kept.release()
            return nil
        }
        self.status = response.status
        self.pointer = pointer
        body = response.body
        Answer.add(headersOf: response, to: pointer)
    }

    public var place: Place { Place(self, body) }

    /// Adds headers to an answer that is being made.
    static func add(headersOf response: Response, to pointer: OpaquePointer) {
        for (name, value) in response.headers + Safeguards.missing(in: response) where HeaderField.isName(name) {
            name.withCString { name in
                // Refuses an empty value, and headers that are its own affair.
                _ = HeaderField.safe(value).withCString { MHD_add_response_header(pointer, name, $0) }
            }
        }
    }

    /// Where an answer lies: what sending it takes, without a look at the answer itself. As long as that is there.
    ///
    /// Of many answers kept, most are far away in memory when they are asked for: who keeps their places finds each of them
    /// with a look at one place less.
    public struct Place: @unchecked Sendable {
        let response: OpaquePointer
        private let body: UnsafeRawPointer
        private let size: UInt16
        public let status: UInt16

        fileprivate init(_ answer: Answer, _ body: Body) {
            response = answer.pointer
            self.body = UnsafeRawPointer(body.start)
            size = UInt16(clamping: body.count)
            status = UInt16(clamping: answer.status)
        }

        /// Queues the answer on the connection's worker; false if libmicrohttpd does not take it. Has it brought near first,
        /// for it is read a moment later.
        func queue(on connection: OpaquePointer) -> Bool {
            headwater_prefetch(UnsafeRawPointer(response), Place.head)
            headwater_prefetch(body, min(Int(size), Place.longest))
            return MHD_queue_response(connection, UInt32(status), response) == .YES
        }

        /// Bytes of what libmicrohttpd makes of an answer, one piece behind the other.
        private static let head = 1 << 10
        /// Bytes of a body that are fetched; the processor sees by itself how it goes on.
        private static let longest = 4 << 10
    }

    deinit {
        MHD_destroy_response(pointer)
    }
}
