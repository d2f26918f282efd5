import CMicroHTTPD
import TLS

/// The way of a request: its head is checked, the handler asked, and what the handler said carried out.
extension Engine {
    /// Bytes of a body nobody asked for that are read and dropped to keep the connection; more, and it is closed.
    private static let dropped = 64 << 10

    /// Begins a request, of which the head is there; false closes the connection.
    ///
    /// What has no body is answered in the last call: what is answered in this one closes the connection, for libmicrohttpd
    /// has not read the body, and will not.
    func begin(_ request: Request, _ client: Client) -> Bool {
        client.requestBegan()
        client.match = client.known?.match(request)
        if client.match != nil || !request.hasBody { return true }
        switch receive(request, client) {
        case .doubtful(let response):
            return queue(response, request.connection)
        case .sound(let reception, let framing, let isExpectant):
            let unread = Exchange.Unread(framing: framing, isExpectant: isExpectant)
            let exchange = Exchange(request.connection, .decided(reception), unread: unread)
            client.exchange = exchange
            return advance(exchange)
        }
    }

    /// Goes on with a request that has been read to its end, or whose answer is there; false closes the connection.
    func end(_ request: Request, _ client: Client) -> Bool {
        if let exchange = client.exchange { return advance(exchange) }
        if let isTaken = sendAgain(request, client) { return isTaken }
        switch receive(request, client) {
        case .doubtful(let response):
            return queue(response, request.connection)
        case .sound(.send(let answer, _), _, _):
            return queue(answer, request.connection)
        case .sound(.respond(let response), _, _):
            return queue(response, request.connection)
        case .sound(let reception, _, _):
            let exchange = Exchange(request.connection, .discarding(allowance: 0, then: reception))
            client.exchange = exchange
            return carryOut(reception, exchange)
        }
    }

    /// Answers a request that repeats one which was answered; nil if it does not, or there is more to find out.
    private func sendAgain(_ request: Request, _ client: Client) -> Bool? {
        guard let match = client.match, let known = client.known, !isStopping else { return nil }
        let repetition = Repetition(request.path, match.tag, on: request.connection)
        return known.hasRoom(for: repetition) ? known.recall(repetition) : nil
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

    /// Has requests that repeat one be answered by recall. Not over TLS: certificates are judged anew with each request.
    private func remember(
        _ head: Head, _ recall: @escaping Recall, _ framing: Framing, _ request: Request, _ client: Client
    ) {
        guard head.method == .get, !head.hasQueries, framing == .none, client.secure == nil else { return }
        let headers = headwater_head_size(request.connection) - request.path.count
        client.known = KnownHeaders(head.fields, room: configuration.headLimit - headers, recall)
    }

    private enum Received {
        /// The request is refused, and its connection is not to go on, for its end is in doubt.
        case doubtful(Response)
        /// How it goes on; `isExpectant` if the client waits for a word before it sends the body.
        case sound(Reception, Framing, isExpectant: Bool)
    }

    /// Checks a request's head and asks the handler.
    private func receive(_ request: Request, _ client: Client) -> Received {
        let fields = Fields(request.path, of: request.connection)
        let framing: Framing
        let certificate: Certificate?
        do throws(Refusal) {
            try admit(request, fields, client)
            certificate = try self.certificate(of: client)
            framing = try Framing(fields, isHTTP11: request.isHTTP11)
        } catch {
            return .doubtful(response(to: error).closing)
        }
        do throws(Refusal) {
            let head = try request.head(fields, peer: client.address, certificate)
            let reception = head.method == .head ? handler(head).headOnly : handler(head)
            if case .send(_, let recall?) = reception { remember(head, recall, framing, request, client) }
            return .sound(reception, framing, isExpectant: framing != .none && fields.count("Expect") > 0)
        } catch {
            return .sound(.respond(response(to: error)), framing, isExpectant: false)
        }
    }

    /// Takes a part of the body; false closes the connection.
    func receive(_ bytes: UnsafeRawBufferPointer, _ client: Client) -> Bool {
        guard let exchange = client.exchange else { return false }
        if let (reception, unread) = exchange.takeUnread(), !meet(unread, reception, exchange) { return false }
        return exchange.receive(bytes, allowance: configuration.bodyLimit) { tooLarge($0) }
    }

    private func advance(_ exchange: Exchange) -> Bool {
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
            case .send(let answer, _):
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
    private func admit(_ request: Request, _ fields: Fields, _ client: Client) throws(Refusal) {
        guard !isStopping else { throw Refusal(503, "the server is stopping") }
        guard !client.isExcess else {
            throw Refusal(503, "more than \(configuration.connections) connections are open")
        }
        guard headwater_head_size(request.connection) <= configuration.headLimit else {
            throw Refusal(
                431, "the request's line and headers are too large: expected at most \(configuration.headLimit) bytes")
        }
        guard fields.headerCount <= Configuration.headerCount else {
            throw Refusal(431, "the request has too many headers: expected at most \(Configuration.headerCount)")
        }
    }

    private func tooLarge(_ limit: Int) -> Response {
        configuration.problem(413, "the body is too large: expected at most \(limit) bytes")
    }

    private func response(to refusal: Refusal) -> Response {
        refusal.status == 503 ? unavailable(refusal.detail) : configuration.problem(refusal.status, refusal.detail)
    }
}
