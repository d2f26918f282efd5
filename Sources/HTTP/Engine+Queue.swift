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
        return Answer(response).map { queue($0, connection) } ?? false
    }

    func queue(_ answer: Answer, _ connection: OpaquePointer) -> Bool {
        Library.queue(answer.pointer, status: answer.status, on: connection)
    }
}
