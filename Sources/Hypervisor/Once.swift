import Synchronization

/// A question that is answered by whoever comes first: the call itself, its deadline, or the caller who gives up.
final class Once<Answer: Sendable>: Sendable {
    private let state = Mutex(State.open)

    private enum State {
        case open
        case asked(CheckedContinuation<Answer, Never>)
        case answered(Answer)
        case over
    }

    /// Whether an answer is still wanted.
    var isOpen: Bool {
        state.withLock { state in
            switch state {
            case .open, .asked: true
            case .answered, .over: false
            }
        }
    }

    /// Gives the answer; whoever comes later is not heard.
    func answer(_ answer: Answer) {
        let continuation: CheckedContinuation<Answer, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .answered(answer)
                return nil
            case .asked(let continuation):
                state = .over
                return continuation
            case .answered, .over:
                return nil
            }
        }
        continuation?.resume(returning: answer)
    }

    /// Waits for the answer. To be called once.
    func wait() async -> Answer {
        await withCheckedContinuation { continuation in
            let answer: Answer? = state.withLock { state in
                guard case .answered(let answer) = state else {
                    state = .asked(continuation)
                    return nil
                }
                state = .over
                return answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}
