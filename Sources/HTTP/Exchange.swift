// Which of the two modules the constants of sockets belong to is decided by what the compiler has read before.
import CMicroHTTPD
import Glibc
import Synchronization
import TLS

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
        /// What works on the answer while the connection is parked.
        var work: Task<Void, Never>?
        var silence = Silence.none
    }

    /// What is known of a client that has closed its side of a parked connection.
    private enum Silence {
        /// It has not.
        case none
        case noticed
        /// It was sent something, which the system of a client that has gone answers with a reset.
        case probed
    }

    nonisolated(unsafe) let connection: OpaquePointer
    /// Stays as long as the connection.
    unowned let client: Client
    /// Whether the connection is closed after the answer.
    let isLast: Bool
    /// The connection's socket, which is its as long as the exchange is suspended.
    let socket: Int32
    /// The connection's TLS; nil in plain text.
    private let secure: SecureConnection?
    /// Whether the client knows of interim answers (RFC 9110 §15.2).
    private let isHTTP11: Bool
    private let state: Mutex<State>

    init(_ request: Request, of client: Client, _ stage: Stage, unread: Unread? = nil) {
        connection = request.connection
        self.client = client
        socket = client.socket
        secure = client.secure
        isHTTP11 = request.isHTTP11
        isLast = unread?.framing == .chunked || client.isExcess
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

    /// Keeps the task that works on a suspended exchange, which is cancelled when there is nothing left to work for.
    func isWorked(on task: Task<Void, Never>) {
        let isSettled = state.withLock { state in
            guard case .suspended = state.stage else { return true }
            state.work = task
            return false
        }
        if isSettled { task.cancel() }
    }

    /// Says how a suspended exchange goes on, and cancels what still works on it; false if that was said already.
    func settle(_ reception: Reception) -> Bool {
        let (isSettled, work): (Bool, Task<Void, Never>?) = state.withLock { state in
            guard case .suspended = state.stage else { return (false, nil) }
            state.stage = .decided(reception)
            return (true, state.work.take())
        }
        work?.cancel()
        return isSettled
    }

    /// Cancels the work of a suspended exchange whose client has gone. It still has to settle the exchange.
    func abandon() {
        let work: Task<Void, Never>? = state.withLock { state in
            guard case .suspended = state.stage else { return nil }
            return state.work
        }
        work?.cancel()
    }

    /// Finds out whether a client that has closed its side still listens; to be called again and again, about once a second.
    ///
    /// A client that has gone and one that has said all it will say look alike, until something is sent to them: a system
    /// answers what nobody is there to read with a reset (RFC 9293 §3.6.1). What is sent is a word that clients of HTTP/1.1
    /// pass over (RFC 9110 §15.2).
    func probe() {
        // Under the lock, so that the connection stays suspended; the socket does not block.
        state.withLock { state in
            guard case .suspended = state.stage, isHTTP11, state.unread == nil else { return }
            switch state.silence {
            case .none: state.silence = .noticed
            case .noticed:
                state.silence = .probed
                let word = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                if let secure {
                    secure.send(word)
                } else {
                    send(socket, word, word.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
            case .probed: break
            }
        }
    }
}
