import Synchronization

/// A request that takes more than one step: its body is read, or its answer is being worked on.
///
/// libmicrohttpd keeps the connection for as long as it is suspended, whatever the client does; `connection` is used by
/// the worker, and by whoever settles a suspended exchange, which only one can.
final class Exchange: Sendable {
    enum Stage {
        /// The body is kept, up to `limit` bytes.
        case collecting(limit: Int, then: @Sendable ([UInt8]) -> Reception)
        /// The body is dropped before the request goes on.
        case discarding(then: Reception)
        /// The connection is parked.
        case suspended
        /// It is known how the request goes on.
        case decided(Reception)
    }

    /// A body of which nothing has been read, not even whether it is wanted.
    struct Unread {
        let framing: Framing
        /// Whether the client waits for a word before it sends the body.
        let isExpectant: Bool
    }

    private struct State {
        var stage: Stage
        var body: [UInt8] = []
        var unread: Unread?
    }

    nonisolated(unsafe) let connection: OpaquePointer
    /// Stays as long as the connection.
    unowned let client: Client
    /// Whether the connection is closed after the answer.
    let isLast: Bool
    private let state: Mutex<State>

    init(_ connection: OpaquePointer, of client: Client, _ stage: Stage, unread: Unread? = nil) {
        self.connection = connection
        self.client = client
        isLast = unread?.framing == .chunked
        self.state = Mutex(State(stage: stage, unread: unread))
    }

    /// What was decided about a body of which nothing has been read; nil if there is no such body, or nothing decided.
    func takeUnread() -> (Reception, Unread)? {
        state.withLock { state in
            guard case .decided(let reception) = state.stage, let unread = state.unread.take() else { return nil }
            return (reception, unread)
        }
    }

    var stage: Stage {
        get { state.withLock { $0.stage } }
        set { state.withLock { $0.stage = newValue } }
    }

    /// What has been read of the body.
    var body: [UInt8] { state.withLock { $0.body } }

    /// Takes the next bytes of the body.
    /// - Returns: the limit that they exceed; nil if they do not.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Int? {
        state.withLock { state in
            guard case .collecting(let limit, _) = state.stage else { return nil }
            guard bytes.count <= limit - state.body.count else {
                state.body = []
                return limit
            }
            state.body.append(contentsOf: bytes)
            return nil
        }
    }

    /// The body is still unread when it is decided how the request goes on.
    func keep(_ unread: Unread) {
        state.withLock { $0.unread = unread }
    }

    /// Says how a suspended exchange goes on; false if that was said already.
    func settle(_ reception: Reception) -> Bool {
        state.withLock { state in
            guard case .suspended = state.stage else { return false }
            state.stage = .decided(reception)
            return true
        }
    }
}
