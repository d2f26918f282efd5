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
        /// The answer is there.
        case answered(Response)
    }

    private struct State {
        var stage: Stage
        var body: [UInt8] = []
    }

    nonisolated(unsafe) let connection: OpaquePointer
    private let state: Mutex<State>

    init(_ connection: OpaquePointer, _ stage: Stage) {
        self.connection = connection
        self.state = Mutex(State(stage: stage))
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
            case .suspended, .answered:
                break
            }
            return true
        }
    }

    /// Gives a suspended exchange its answer; false if it has one already.
    func settle(_ response: Response) -> Bool {
        state.withLock { state in
            guard case .suspended = state.stage else { return false }
            state.stage = .answered(response)
            return true
        }
    }
}
