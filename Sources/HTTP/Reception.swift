/// How a request goes on once its head is known.
public enum Reception: Sendable {
    /// Answered at once, on the worker thread.
    case respond(Response)
    /// Answered at once with an answer that was made before.
    case send(Answer)
    /// Goes on as the closure says, which runs in a task of its own. Meanwhile the connection is parked and no byte of the
    /// body is read: what is refused here has cost no memory.
    case decide(@Sendable () async -> Reception)
    /// Answered when the closure returns. It runs in a task of its own; the connection is parked and the worker free.
    /// If the client goes away, or the server stops, meanwhile, the task is cancelled, and its answer is dropped. A client that
    /// has gone is told from one that has only closed its side a few seconds later, and only if it speaks HTTP/1.1.
    case suspend(@Sendable () async -> Response)
    /// Reads the body first, which the closure then gets, on the worker thread. A body of more than `limit` bytes is
    /// answered 413; nil is the configuration's limit.
    case collect(limit: Int?, @Sendable ([UInt8]) -> Reception)
}

extension Reception {
    /// The same, for a client that asks for the head alone.
    var headOnly: Reception {
        switch self {
        case .respond(let response): .respond(response.headOnly)
        // Of a body that is there as a whole, libmicrohttpd sends the head alone.
        case .send: self
        case .decide(let decide): .decide { await decide().headOnly }
        case .suspend(let work): .suspend { await work().headOnly }
        case .collect(let limit, let then): .collect(limit: limit) { then($0).headOnly }
        }
    }
}

extension Response {
    fileprivate var headOnly: Response {
        var response = self
        response.isHeadOnly = true
        return response
    }
}
