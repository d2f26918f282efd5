import CMicroHTTPD
import Logging

/// Handing an answer to libmicrohttpd.
extension Engine {
    /// Queues an answer on the connection's worker; false if libmicrohttpd does not take it.
    func queue(_ response: Response, _ connection: OpaquePointer) -> Bool {
        guard (200...599).contains(response.status) else {
            log.error("an answer's status is not from 200 to 599", metadata: ["status": "\(response.status)"])
            return queue(configuration.problem(500, "the server failed").with(status: 500), connection)
        }
        let body = response.body
        let kept = Unmanaged.passRetained(body)
        guard
            let answer = MHD_create_response_from_buffer_with_free_callback_cls(
                body.count, body.start, onSent, kept.toOpaque())
        else {
            kept.release()
            return false
        }
        defer { MHD_destroy_response(answer) }
        for (name, value) in response.headers where !add(name, value, to: answer) {
            log.debug("a header was left out of an answer", metadata: ["header": "\(name)"])
        }
        return MHD_queue_response(connection, UInt32(response.status), answer) == .YES
    }

    /// Adds a header; false if its name is no token, its value is empty, or libmicrohttpd keeps it to itself.
    private func add(_ name: String, _ value: String, to answer: OpaquePointer) -> Bool {
        guard HeaderField.isName(name) else { return false }
        return name.withCString { name in
            HeaderField.safe(value).withCString { MHD_add_response_header(answer, name, $0) == .YES }
        }
    }
}

extension Response {
    fileprivate func with(status: Int) -> Response {
        var response = self
        response.status = status
        return response
    }
}
