import CMicroHTTPD
import Glibc
import Synchronization

/// What is known of an open connection; made when it is accepted, and attached to it until it is closed.
final class Client: Sendable {
    /// The address as text; empty if it is not known.
    let address: String
    /// Whether it came when as many connections as allowed were open.
    let isExcess: Bool
    /// Its TLS; nil in plain text.
    let secure: SecureConnection?
    private let configuration: Configuration

    /// Its socket, for as long as the connection is open.
    let socket: Int32
    /// Since when it has waited for a request's head, in seconds since the system started; or one of `atHand`, `sinceNow`.
    private let waiting = Atomic(Client.sinceNow)

    private static let atHand = 0
    private static let sinceNow = -1

    /// The request at hand, if it takes more than one step; for the connection's worker only.
    nonisolated(unsafe) var exchange: Exchange?
    /// The target of the request at hand; for the connection's worker only.
    nonisolated(unsafe) var target = Target.Sent.none
    /// Whether no further request is heard; for the connection's worker only.
    nonisolated(unsafe) var isEnding = false
    /// Whether it may have been answered before it had sent all that it will send; for the connection's worker only.
    nonisolated(unsafe) var isSending = false
    /// Since when a body is read, in seconds since the system started; 0 while none is.
    private let bodyBegan = Atomic(0)
    /// Bytes that have come of it.
    private let bodyCount = Atomic(0)

    /// Whether a request is at hand.
    var isBusy: Bool { waiting.load(ordering: .relaxed) == Client.atHand }

    /// To be called on the connection's worker.
    func requestBegan() { waiting.store(Client.atHand, ordering: .relaxed) }

    /// To be called on the connection's worker.
    func requestEnded() {
        exchange = nil
        bodyEnded()
        waiting.store(Client.sinceNow, ordering: .relaxed)
    }

    /// Since when it has waited for a request's head; nil while one is at hand. Requests end too often to look at the clock
    /// each time: that is left to who asks, about once a second.
    func waitingSince(_ now: Int) -> Int? {
        let since = waiting.load(ordering: .relaxed)
        guard since == Client.sinceNow else { return since == Client.atHand ? nil : since }
        // Without effect if a request has begun meanwhile.
        _ = waiting.compareExchange(expected: since, desired: now, ordering: .relaxed)
        return now
    }

    /// A body is read from here on; to be called on the connection's worker.
    func bodyBegins() {
        bodyCount.store(0, ordering: .relaxed)
        bodyBegan.store(Waiting.now, ordering: .relaxed)
    }

    /// To be called on the connection's worker.
    func bodyComes(_ count: Int) { bodyCount.add(count, ordering: .relaxed) }

    /// To be called on the connection's worker.
    func bodyEnded() { bodyBegan.store(0, ordering: .relaxed) }

    /// The body that is being read: since when, and how much of it has come; nil while none is.
    var body: (since: Int, count: Int)? {
        let since = bodyBegan.load(ordering: .relaxed)
        return since == 0 ? nil : (since, bodyCount.load(ordering: .relaxed))
    }

    /// To be called when the connection has been accepted, before it is used.
    init(of connection: OpaquePointer, isExcess: Bool, _ keyring: Keyring?, _ configuration: Configuration) {
        self.isExcess = isExcess
        self.configuration = configuration
        socket = headwater_socket(connection)
        secure = keyring.flatMap { keyring in
            headwater_session(connection).map { SecureConnection(OpaquePointer($0), keyring.current) }
        }
        self.address = headwater_address(connection).flatMap(Client.text) ?? ""
    }

    /// Answers what libmicrohttpd cannot read, and would answer with this status; to be called on the connection's worker.
    func refuse(status: Int) {
        let refusal = Library.refusal(status, configuration)
        finish(with: configuration.problem(refusal.status, refusal.detail))
    }

    /// Sends an answer where libmicrohttpd takes none, and ends what is sent with it. To be called on the connection's worker.
    func finish(with response: Response) {
        isSending = true
        let bytes = response.lastBytes
        if let secure {
            secure.finish(with: bytes)
        } else {
            send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        shutdown(socket, Int32(SHUT_WR))
    }

    private static func text(_ address: UnsafePointer<sockaddr>) -> String? {
        let raw = UnsafeRawPointer(address)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = Int32(address.pointee.sa_family)
        // The address stands after the family and the port, and in IPv6 after the flow too (RFC 3493 §3.3).
        let offset = family == AF_INET6 ? 8 : 4
        guard family == AF_INET || family == AF_INET6,
            inet_ntop(family, raw + offset, &text, socklen_t(text.count)) != nil
        else { return nil }
        let string = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
        return string.map { $0.hasPrefix("::ffff:") ? String($0.dropFirst(7)) : $0 }
    }
}
