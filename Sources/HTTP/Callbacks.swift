import CMicroHTTPD
import Glibc
import Logging

// What libmicrohttpd calls on its worker threads. `context` is the engine, borrowed from the server.

/// Calls `body` with the engine, without counting a reference: the count would be the one thing that all workers write.
@discardableResult
private func withEngine<Result>(_ context: UnsafeMutableRawPointer?, _ body: (Engine) -> Result) -> Result? {
    context.map { Unmanaged<Engine>.fromOpaque($0)._withUnsafeGuaranteedRef(body) }
}

/// A request's line has come; its target is shown as it was sent, which it never is again.
func onTarget(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let connection, let target else { return nil }
    let bytes = UnsafeRawBufferPointer(start: target, count: strlen(target))
    withClient(headwater_attached(connection)) {
        $0.target = Target.Sent(count: bytes.count, isValid: bytes.allSatisfy(\.isURIByte))
    }
    // Nothing is kept, which tells `onRequest` that it sees the request for the first time.
    return nil
}

/// A request's head is there (`kept` is nil), then parts of its body (`size` is not 0), then its end.
///
/// What is kept from call to call is the connection's client, whom the connection holds.
func onRequest(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, bytes: UnsafePointer<CChar>?,
    size: UnsafeMutablePointer<Int>?, kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let connection, let url, let method, let version, let size, let kept else { return .NO }
    let isHead = kept.pointee == nil
    if isHead { kept.pointee = headwater_attached(connection) }
    let request = Request(connection: connection, url: url, method: method, version: version)
    let goesOn = withEngine(context) { engine in
        withClient(kept.pointee) { client in
            if isHead { return engine.begin(request, client) }
            guard size.pointee > 0 else { return engine.end(request, client) }
            let part = UnsafeRawBufferPointer(start: bytes, count: size.pointee)
            size.pointee = 0
            return engine.receive(part, client)
        }
    }
    return goesOn == true ? .YES : .NO
}

/// A request that `onRequest` has seen is over, however it ended.
func onCompleted(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    withClient(kept?.pointee) { $0.requestEnded() }
    kept?.pointee = nil
}

/// Calls `body` with the client that is attached to a connection, without counting a reference; nil if there is none, which
/// does not happen.
@discardableResult
func withClient<Result>(_ attached: UnsafeMutableRawPointer?, _ body: (Client) -> Result) -> Result? {
    attached.map { Unmanaged<Client>.fromOpaque($0)._withUnsafeGuaranteedRef(body) }
}

/// A connection was opened or closed.
func onConnection(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    attached: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, event: MHD_ConnectionNotificationCode
) {
    guard let connection, let attached else { return }
    withEngine(context) { engine in
        switch event {
        case .CONNECTION_NOTIFY_STARTED:
            attached.pointee = Unmanaged.passRetained(engine.connectionOpened(connection)).toOpaque()
        case .CONNECTION_NOTIFY_CLOSED:
            engine.connectionClosed(attached.pointee.map { Unmanaged<Client>.fromOpaque($0).takeRetainedValue() })
            attached.pointee = nil
        }
    }
}

/// A header or a query; `context` is the `Fields.Reading` that it is for.
func onField(
    context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, nameSize: Int,
    value: UnsafePointer<CChar>?, valueSize: Int
) -> MHD_Result {
    context?.assumingMemoryBound(to: Fields.Reading.self).pointee.take(
        kind, name: bytes(name, nameSize), value: bytes(value, valueSize))
    return .YES
}

/// A text of libmicrohttpd's; what is nowhere is empty.
private func bytes(_ start: UnsafePointer<CChar>?, _ size: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : size)
}

/// The last connection that sent an answer is done with its body.
func onSent(body: UnsafeMutableRawPointer?) {
    if let body { Unmanaged<Body>.fromOpaque(body).release() }
}

/// Leaves paths and queries as they were sent: decoded in place, an encoded `/` could not be told from a real one.
func onUnescape(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

/// A message of libmicrohttpd. Only its format is logged: the arguments may be parts of a request, and secret.
func onMessage(context: UnsafeMutableRawPointer?, format: UnsafePointer<CChar>?, arguments: CVaListPointer?) {
    guard let format else { return }
    var message = String(cString: format)
    while message.last?.isWhitespace == true { message.removeLast() }
    withEngine(context) { $0.log.debug("libmicrohttpd", metadata: ["message": "\(message)"]) }
}

/// The next part of a body is asked for; `context` is its flow, which lives until `onFlowOver`.
func onDemand(
    context: UnsafeMutableRawPointer?, position: UInt64, room: UnsafeMutablePointer<CChar>?, size: Int
) -> Int {
    guard let context else { return endOfBody }
    let flow = Unmanaged<Flow>.fromOpaque(context).takeUnretainedValue()
    return flow.take(into: UnsafeMutableRawBufferPointer(start: room, count: size)) ?? endOfBody
}

/// MHD_CONTENT_READER_END_OF_STREAM, which Swift does not import.
private let endOfBody = -1

/// The connection of a body that was sent part by part is done with it.
func onFlowOver(context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<Flow>.fromOpaque(context).takeRetainedValue().leave()
}
