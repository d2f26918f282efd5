import CMicroHTTPD

/// Answers whose bodies are sent part by part.
extension Engine {
    /// Bytes that libmicrohttpd asks for at once, of a client that does not know chunks.
    private static let block = 4 << 10

    /// Queues an answer whose body `producer` makes; false if libmicrohttpd does not take it.
    func queue(_ response: Response, _ producer: @escaping Flow.Producer, _ connection: OpaquePointer) -> Bool {
        let flow = Flow(connection) { [weak self] flow in self?.flows.remove(flow) }
        guard flows.add(flow) else { return queue(unavailable("the server is stopping"), connection) }
        let kept = Unmanaged.passRetained(flow)
        // MHD_SIZE_UNKNOWN is a cast, which Swift does not import.
        guard
            let pointer = MHD_create_response_from_callback(
                .max, Engine.block, onDemand, kept.toOpaque(), onFlowOver)
        else {
            kept.release()
            flow.leave()
            return false
        }
        // The connection has a reference of its own, which it gives up when it is done.
        defer { MHD_destroy_response(pointer) }
        Answer.add(headersOf: response, to: pointer)
        // After the head of what it would send in chunks, libmicrohttpd 0.9.75 sends the last chunk even so.
        if response.isHeadOnly { headwater_end_with_connection(pointer) }
        guard Library.queue(pointer, status: response.status, on: connection) else { return false }
        if !response.isHeadOnly { flow.begin(producer) }
        return true
    }
}
