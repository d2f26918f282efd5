import CMicroHTTPD
import Synchronization

/// A body that is sent part by part, for as long as its producer has something to say and the client stays.
///
/// While there is nothing to send the connection is parked and holds no thread. Of what is to be sent one part at most
/// is kept: `send` returns when libmicrohttpd has taken it, which it does at the pace of the client's reading.
public final class Flow: Sendable {
    /// Says what is sent; the body ends when it returns. Its task is cancelled when the client has gone or the server
    /// stops.
    public typealias Producer = @Sendable (Flow) async -> Void

    private struct State {
        var part: [UInt8] = []
        /// How many bytes of the part have been taken.
        var taken = 0
        /// Waits until the part is taken.
        var sender: CheckedContinuation<Bool, Never>?
        var isSuspended = false
        /// Nothing is added any more; what is left is still sent.
        var isEnded = false
        var producing: Task<Void, Never>?
    }

    private let state = Mutex(State())
    /// Used by its worker, and by whoever finds it suspended.
    nonisolated(unsafe) private let connection: OpaquePointer
    private let onGone: @Sendable (Flow) -> Void

    init(_ connection: OpaquePointer, onGone: @escaping @Sendable (Flow) -> Void) {
        self.connection = connection
        self.onGone = onGone
    }

    /// Sends the next part; to be called by the producer, one call after the other.
    /// - Returns: whether there is still somebody to send to.
    public func send(_ bytes: [UInt8]) async -> Bool {
        guard !bytes.isEmpty else { return state.withLock { !$0.isEnded } }
        return await withCheckedContinuation { continuation in
            let isTaken = state.withLock { state in
                guard !state.isEnded, state.sender == nil else { return false }
                state.part = bytes
                state.sender = continuation
                wake(&state)
                return true
            }
            if !isTaken { continuation.resume(returning: false) }
        }
    }

    /// Starts the producer.
    func begin(_ producer: @escaping Producer) {
        let task = Task {
            await producer(self)
            end()
        }
        let isEnded = state.withLock { state in
            state.producing = task
            return state.isEnded
        }
        if isEnded { task.cancel() }
    }

    /// Ends the body after what has been given to it.
    func end() {
        let producing = state.withLock { state in
            state.isEnded = true
            wake(&state)
            return state.producing
        }
        producing?.cancel()
    }

    /// The connection is done with the body, read to its end or not.
    func leave() {
        let (sender, producing) = state.withLock { state in
            state.isEnded = true
            state.part = []
            state.taken = 0
            return (state.sender.take(), state.producing.take())
        }
        sender?.resume(returning: false)
        producing?.cancel()
        onGone(self)
    }

    /// What there is to send by now, for the connection's worker, which sends it at once.
    /// - Returns: how many bytes were written to `room`; 0 if there are none, and the connection is suspended; nil at
    ///   the end.
    func take(into room: UnsafeMutableRawBufferPointer) -> Int? {
        let (count, sender): (Int?, CheckedContinuation<Bool, Never>?) = state.withLock { state in
            let rest = state.part[state.taken...].prefix(room.count)
            guard rest.isEmpty else {
                room.copyBytes(from: rest)
                state.taken += rest.count
                guard state.taken == state.part.count else { return (rest.count, nil) }
                state.part = []
                state.taken = 0
                return (rest.count, state.sender.take())
            }
            guard !state.isEnded else { return (nil, nil) }
            state.isSuspended = true
            // Under the lock, so that nobody can wake it before it is suspended.
            MHD_suspend_connection(connection)
            return (0, nil)
        }
        sender?.resume(returning: true)
        return count
    }

    private func wake(_ state: inout State) {
        guard state.isSuspended else { return }
        state.isSuspended = false
        MHD_resume_connection(connection)
    }
}
