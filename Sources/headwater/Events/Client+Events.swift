extension Client {
    /// Seconds without a byte after which a stream is given up; the server gives a sign of life more often.
    private static let patience = 60

    /// Opens a stream of events and passes each to `body`, until the server or the connection ends it.
    /// - Parameter parser: read with by then; the stream goes on after its last event.
    /// - Returns: the parser as it is at the end; and what the server refused, or why it cannot be spoken with.
    func events(
        _ address: Address, _ parser: EventParser, _ body: @escaping @Sendable (Event) -> Void
    ) async -> (parser: EventParser, failure: Failure?) {
        var request = request(.get, address, accept: "text/event-stream")
        request.silence = Client.patience
        if !parser.lastEventID.isEmpty { request.fields.append(("Last-Event-ID", parser.lastEventID)) }
        let read = (parser: parser, refusal: [UInt8]())
        let (end, response) = await connection.send(request, into: read) { read, status, bytes in
            if status == 200 {
                read.parser.read(bytes).forEach(body)
            } else {
                read.refusal += bytes
            }
        }
        do throws(Failure) {
            _ = try answer(response, end.refusal)
            return (end.parser, nil)
        } catch {
            return (end.parser, error)
        }
    }
}
