import CMicroHTTPD
import TLS

/// The way of a request: its head is checked, the handler asked, and what the handler said carried out.
extension Engine {
    /// Bytes of a body nobody asked for that are read and dropped to keep the connection; more, and it is closed.
    private static let dropped = 64 << 10

    /// Answers a request that has no body. Returns whether the connection goes on, and the exchange if the answer waits.
    func answer(_ request: Request) -> (goesOn: Bool, exchange: Exchange?) {
        switch receive(request) {
        case .doubtful(let response):
            return (queue(response, request.connection), nil)
        case .sound(.send(let answer), _, _):
            return (queue(answer, request.connection), nil)
        case .sound(.respond(let response), _, _):
            return (queue(response, request.connection), nil)
        case .sound(let reception, _, _):
            let exchange = Exchange(request.connection, .discarding(allowance: 0, then: reception))
            return (carryOut(reception, exchange), exchange)
        }
    }

    /// Begins a request whose body has not been read. Nil closes the connection.
    ///
    /// What is answered in this call, and not in the last one, closes the connection: libmicrohttpd has not read the body,
    /// and will not.
    func begin(_ request: Request) -> Exchange? {
        let connection = request.connection
        switch receive(request) {
        case .doubtful(let response):
            return answerNow(connection, response)
        case .sound(let reception, let framing, let isExpectant):
            let unread = Exchange.Unread(framing: framing, isExpectant: isExpectant)
            let exchange = Exchange(connection, .decided(reception), unread: unread)
            return advance(exchange) ? exchange : nil
        }
    }

    /// Goes on with a request of whose body nothing has been read; false closes the connection.
    private func meet(_ unread: Exchange.Unread, _ reception: Reception, _ exchange: Exchange) -> Bool {
        switch (reception, unread.framing) {
        case (.decide(let decide), _):
            exchange.keep(unread)
            return park(exchange, decide) || queue(unavailable("the server is stopping"), exchange.connection)
        case (.collect(let limit, let then), let framing):
            let limit = limit ?? configuration.bodyLimit
            if case .sized(let size) = framing, size > limit { return queue(tooLarge(limit), exchange.connection) }
            exchange.stage = .collecting(limit: limit, then: then)
            return true
        case (_, .none):
            exchange.stage = .discarding(allowance: Engine.dropped, then: reception)
            return true
        case (_, .sized(let size)) where size <= Engine.dropped && !unread.isExpectant:
            exchange.stage = .discarding(allowance: Engine.dropped, then: reception)
            return true
        case (_, .sized), (_, .chunked):
            exchange.stage = .decided(reception)
            return carryOut(reception, exchange)
        }
    }

    private enum Received {
        /// The request is refused, and its connection is not to go on, for its end is in doubt.
        case doubtful(Response)
        /// How it goes on; `isExpectant` if the client waits for a word before it sends the body.
        case sound(Reception, Framing, isExpectant: Bool)
    }

    /// Checks a request's head and asks the handler.
    private func receive(_ request: Request) -> Received {
        let client = request.client
        let fields = Fields(request.path, of: request.connection)
        let framing: Framing
        let certificate: Certificate?
        do throws(Refusal) {
            try admit(request, client)
            certificate = try self.certificate(of: client)
            framing = try Framing(fields, isHTTP11: request.isHTTP11)
        } catch {
            return .doubtful(response(to: error).closing)
        }
        do throws(Refusal) {
            let head = try request.head(fields, peer: client?.address ?? "", certificate)
            let reception = head.method == .head ? handler(head).headOnly : handler(head)
            return .sound(reception, framing, isExpectant: framing != .none && fields.count("Expect") > 0)
        } catch {
            return .sound(.respond(response(to: error)), framing, isExpectant: false)
        }
    }

    /// Takes a part of the body; false closes the connection.
    func receive(_ bytes: UnsafeRawBufferPointer, _ exchange: Exchange) -> Bool {
        if let (reception, unread) = exchange.takeUnread(), !meet(unread, reception, exchange) { return false }
        return exchange.receive(bytes, allowance: configuration.bodyLimit) { tooLarge($0) }
    }

    /// Goes on with a request that has been read to its end, or whose answer is there; false closes the connection.
    func advance(_ exchange: Exchange) -> Bool {
        if let (reception, unread) = exchange.takeUnread() { return meet(unread, reception, exchange) }
        return switch exchange.stage {
        case .collecting(_, let then): carryOut(then(exchange.body), exchange)
        case .discarding(_, let reception): carryOut(reception, exchange)
        case .suspended: true
        case .decided(let reception): carryOut(reception, exchange)
        }
    }

    private func carryOut(_ reception: Reception, _ exchange: Exchange) -> Bool {
        var reception = reception
        while true {
            switch reception {
            case .respond(let response):
                return queue(response, exchange.connection)
            case .send(let answer):
                return queue(answer, exchange.connection)
            case .suspend(let work):
                return park(exchange) { .respond(await work()) }
                    || queue(unavailable("the server is stopping"), exchange.connection)
            case .decide(let decide):
                return park(exchange, decide) || queue(unavailable("the server is stopping"), exchange.connection)
            case .collect(let limit, let then):
                let body = exchange.body
                let limit = limit ?? configuration.bodyLimit
                reception = body.count > limit ? .respond(tooLarge(limit)) : then(body)
            }
        }
    }

    /// Refuses what the server as a whole has no room for.
    private func admit(_ request: Request, _ client: Client?) throws(Refusal) {
        guard !isStopping else { throw Refusal(503, "the server is stopping") }
        guard client?.isExcess != true else {
            throw Refusal(503, "more than \(configuration.connections) connections are open")
        }
        guard headwater_head_size(request.connection) <= configuration.headLimit else {
            throw Refusal(
                431, "the request's line and headers are too large: expected at most \(configuration.headLimit) bytes")
        }
    }

    private func answerNow(_ connection: OpaquePointer, _ response: Response) -> Exchange? {
        queue(response, connection) ? Exchange(connection, .decided(.respond(response))) : nil
    }

    private func tooLarge(_ limit: Int) -> Response {
        configuration.problem(413, "the body is too large: expected at most \(limit) bytes")
    }

    private func response(to refusal: Refusal) -> Response {
        refusal.status == 503 ? unavailable(refusal.detail) : configuration.problem(refusal.status, refusal.detail)
    }
}
