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
        guard !client.isEnding else { return false }
        guard request.hasBody else { return true }
        // Until the body has been read.
        client.isSending = true
        switch receive(request, client) {
        case .doubtful(let response):
            return queue(response, request.connection)
        case .sound(let reception, let framing, let isExpectant):
            // Where chunks end libmicrohttpd may see otherwise than a proxy: after bare line feeds, in extensions.
            client.isEnding = framing == .chunked
            let unread = Exchange.Unread(framing: framing, isExpectant: isExpectant)
            let exchange = Exchange(request, of: client, .decided(reception), unread: unread)
            client.exchange = exchange
            return advance(exchange)
        }
    }

    /// Goes on with a request that has been read to its end, or whose answer is there; false closes the connection.
    func end(_ request: Request, _ client: Client) -> Bool {
        if let exchange = client.exchange { return advance(exchange) }
        switch receive(request, client) {
        case .doubtful(let response):
            client.isSending = true
            return queue(response, request.connection)
        case .sound(.send(let answer), _, _):
            return queue(answer, request.connection)
        case .sound(.respond(let response), _, _):
            return queue(client.isExcess ? response.closing : response, request.connection)
        case .sound(let reception, _, _):
            let exchange = Exchange(request, of: client, .discarding(then: reception))
            client.exchange = exchange
            return carryOut(reception, exchange)
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
            read(.collecting(limit: limit, then: then), exchange)
            return true
        case (_, .none):
            read(.discarding(then: reception), exchange)
            return true
        case (_, .sized(let size)) where size <= Engine.dropped && !unread.isExpectant:
            read(.discarding(then: reception), exchange)
            return true
        case (_, .sized), (_, .chunked):
            exchange.stage = .decided(reception)
            return carryOut(reception, exchange)
        }
    }

    /// Reads the body from here on.
    private func read(_ stage: Exchange.Stage, _ exchange: Exchange) {
        exchange.stage = stage
        exchange.client.bodyBegins()
    }

    private enum Received {
        /// The request is refused, and its connection is not to go on, for its end is in doubt.
        case doubtful(Response)
        /// How it goes on; `isExpectant` if the client waits for a word before it sends the body.
        case sound(Reception, Framing, isExpectant: Bool)
    }

    /// Checks a request's head and asks the handler.
    private func receive(_ request: Request, _ client: Client) -> Received {
        let fields = Fields(request, client.target)
        let framing: Framing
        let certificate: Certificate?
        do throws(Refusal) {
            try admit(request, fields, client)
            certificate = try self.certificate(of: client)
            framing = try Framing(fields, isHTTP11: request.isHTTP11)
        } catch {
            return .doubtful(response(to: error).closing)
        }
        let isExpectant = request.isHTTP11 && framing != .none && fields.count("Expect") > 0
        do throws(Refusal) {
            let head = try request.head(fields, peer: client.address, certificate)
            if framing != .none { try checkCoding(fields) }
            if isExpectant { try checkExpectation(fields) }
            let reception = head.method == .head ? handler(head).headOnly : handler(head)
            return .sound(reception, framing, isExpectant: isExpectant)
        } catch  where error.status == 400 {
            return .doubtful(response(to: error).closing)
        } catch {
            return .sound(.respond(response(to: error)), framing, isExpectant: isExpectant)
        }
    }

    /// Refuses a body that would have to be decoded first (RFC 9110 §8.4).
    private func checkCoding(_ fields: Fields) throws(Refusal) {
        switch fields.count("Content-Encoding") {
        case 0: return
        case 1 where fields.header("Content-Encoding")?.lowercased() == "identity": return
        default: throw Refusal(415, "Content-Encoding: expected none, for bodies are taken as they come")
        }
    }

    /// Refuses what a client expects that there is not (RFC 9110 §10.1.1).
    private func checkExpectation(_ fields: Fields) throws(Refusal) {
        guard fields.count("Expect") == 1, fields.header("Expect")?.lowercased() == "100-continue" else {
            throw Refusal(417, "Expect: expected 100-continue and nothing else")
        }
    }

    /// Takes a part of the body; false closes the connection.
    func receive(_ bytes: UnsafeRawBufferPointer, _ client: Client) -> Bool {
        guard let exchange = client.exchange else { return false }
        if let (reception, unread) = exchange.takeUnread(), !meet(unread, reception, exchange) { return false }
        client.bodyComes(bytes.count)
        guard let limit = exchange.receive(bytes) else { return true }
        client.finish(with: tooLarge(limit))
        return false
    }

    private func advance(_ exchange: Exchange) -> Bool {
        if let (reception, unread) = exchange.takeUnread() { return meet(unread, reception, exchange) }
        switch exchange.stage {
        case .collecting(_, let then):
            bodyEnded(exchange)
            return carryOut(then(exchange.body), exchange)
        case .discarding(let reception):
            bodyEnded(exchange)
            return carryOut(reception, exchange)
        case .suspended: return true
        case .decided(let reception): return carryOut(reception, exchange)
        }
    }

    private func bodyEnded(_ exchange: Exchange) {
        exchange.client.isSending = false
        exchange.client.bodyEnded()
    }

    private func carryOut(_ reception: Reception, _ exchange: Exchange) -> Bool {
        var reception = reception
        while true {
            switch reception {
            case .respond(let response):
                return queue(exchange.isLast ? response.closing : response, exchange.connection)
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
    private func admit(_ request: Request, _ fields: Fields, _ client: Client) throws(Refusal) {
        guard !isStopping else { throw Refusal(503, "the server is stopping") }
        guard !client.isExcess || configuration.urgent.contains(String(cString: request.url)) else {
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
        if refusal.status == 503 { return unavailable(refusal.detail) }
        var response = configuration.problem(refusal.status, refusal.detail)
        // What would be taken (RFC 9110 §12.5.3).
        if refusal.status == 415 { response.headers.append(("Accept-Encoding", "identity")) }
        return response
    }
}
