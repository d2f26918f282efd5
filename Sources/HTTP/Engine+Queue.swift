import CMicroHTTPD
import Logging

/// Handing an answer to libmicrohttpd.
extension Engine {
    /// Queues an answer on the connection's worker; false if libmicrohttpd does not take it.
    func queue(_ response: Response, _ connection: OpaquePointer) -> Bool {
        guard (200...599).contains(response.status) else {
            log.error("an answer's status is not from 200 to 599", metadata: ["status": "\(response.status)"])
            var problem = configuration.problem(500, "the server failed")
            problem.status = 500
            return queue(problem, connection)
        }
        if let producer = response.flow { return queue(response, producer, connection) }
        guard let answer = response.body.answer(response.headers) else { return false }
        return MHD_queue_response(connection, UInt32(response.status), answer.pointer) == .YES
    }
}
