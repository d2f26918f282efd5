import CMicroHTTPD

/// A response as libmicrohttpd sends it, to any number of connections, one after the other or at once.
///
/// A handler that has the same to say again keeps it, and saves what most of the work of an answer is: its headers.
public final class Answer: Sendable {
    public let status: Int
    /// Counts its users itself, under a lock of its own.
    nonisolated(unsafe) let pointer: OpaquePointer

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
        Answer.add(headersOf: response, to: pointer)
    }

    /// Adds headers to an answer that is being made.
    static func add(headersOf response: Response, to pointer: OpaquePointer) {
        for (name, value) in response.headers + Safeguards.missing(in: response) where HeaderField.isName(name) {
            name.withCString { name in
                // Refuses an empty value, and headers that are its own affair.
                _ = HeaderField.safe(value).withCString { MHD_add_response_header(pointer, name, $0) }
            }
        }
    }

    deinit {
        MHD_destroy_response(pointer)
    }
}
