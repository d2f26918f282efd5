import CMicroHTTPD

/// A body and its headers as libmicrohttpd sends them, to any number of connections.
final class Answer: Sendable {
    /// Counts its users itself, under a lock of its own.
    nonisolated(unsafe) let pointer: OpaquePointer
    private let headers: [(name: String, value: String)]

    /// Nil if there is no memory for it. It keeps the bytes until the last connection is done with them.
    init?(_ bytes: Bytes, _ headers: [(name: String, value: String)]) {
        let kept = Unmanaged.passRetained(bytes)
        guard
            let pointer = MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, bytes.start, onSent, kept.toOpaque())
        else {
            kept.release()
            return nil
        }
        self.pointer = pointer
        self.headers = headers
        Answer.add(headers, to: pointer)
    }

    /// Adds headers to an answer that is being made.
    static func add(_ headers: [(name: String, value: String)], to pointer: OpaquePointer) {
        for (name, value) in headers + Safeguards.missing(in: headers) where HeaderField.isName(name) {
            name.withCString { name in
                // Refuses an empty value, and headers that are its own affair.
                _ = HeaderField.safe(value).withCString { MHD_add_response_header(pointer, name, $0) }
            }
        }
    }

    deinit {
        MHD_destroy_response(pointer)
    }

    /// Whether it was made with these headers.
    func has(_ headers: [(name: String, value: String)]) -> Bool {
        self.headers.count == headers.count && zip(self.headers, headers).allSatisfy { $0 == $1 }
    }
}
