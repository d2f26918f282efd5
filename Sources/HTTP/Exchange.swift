import Synchronization

/// A request that takes more than one step: its body is read, or its answer is being worked on.
///
/// libmicrohttpd keeps the connection for as long as it is suspended, whatever the client does; `connection` is used by
/// the worker, and by whoever settles a suspended exchange, which only one can.
final class Exchange: Sendable {
    enum Stage {
        /// The body is kept, up to `limit` bytes.
        case collecting(limit: Int, then: @Sendable ([UInt8]) -> Reception)
        /// The body is dropped, up to `allowance` bytes, before the request goes on.
        case discarding(allowance: Int, then: Reception)
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
    /// Whether the connection is closed after the answer.
    let isLast: Bool
    private let state: Mutex<State>

    init(_ connection: OpaquePointer, _ stage: Stage, unread: Unread? = nil) {
        self.connection = connection
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

    /// Takes the next bytes of the body. A body over the limit is answered by `excess`, once it has been read to its end,
    /// since libmicrohttpd takes no answer in the middle. False when even what may be dropped is exceeded.
    func receive(_ bytes: UnsafeRawBufferPointer, allowance: Int, excess: (Int) -> Response) -> Bool {
        state.withLock { state in
            switch state.stage {
            case .collecting(let limit, _) where bytes.count > limit - state.body.count:
                state.body = []
                state.stage = .discarding(allowance: allowance, then: .respond(excess(limit)))
            case .collecting:
                state.body.append(contentsOf: bytes)
            case .discarding(let allowance, let then):
                guard bytes.count <= allowance else { return false }
                state.stage = .discarding(allowance: allowance - bytes.count, then: then)
            case .suspended, .decided:
                break
            }
            return true
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
