import Dispatch
import Synchronization

/// Makes values of elements on all cores, batch by batch, while the next ones are read.
final class Pipeline<Element: Sendable, Value: Sendable>: Sendable {
    private struct State {
        var results: [Int: Result<[Value], any Error>] = [:]
        /// How many batches were taken, and of how many of them nothing came yet.
        var (taken, open) = (0, 0)
    }

    private let transform: @Sendable ([Element]) throws -> [Value]
    private let group = DispatchGroup()
    private let state = Mutex(State())

    /// How many batches may wait: beyond that the reader does the work, so that it never runs far ahead.
    private let bound = 4

    init(_ transform: @escaping @Sendable ([Element]) throws -> [Value]) {
        self.transform = transform
    }

    func take(_ batch: [Element]) {
        let (number, isEarly) = state.withLock { state in
            defer {
                state.taken += 1
                state.open += 1
            }
            return (state.taken, state.open < bound)
        }
        guard isEarly else { return work(batch, number) }
        DispatchQueue.global().async(group: group) { self.work(batch, number) }
    }

    /// The values of all that was taken and of a last batch in their order, or the first error by that order.
    func finish(with last: [Element]) throws -> [Value] {
        let end = Result { try transform(last) }
        group.wait()
        return try state.withLock { state in
            let results = (0..<state.taken).compactMap { state.results[$0] } + [end]
            var values: [Value] = []
            for result in results { values += try result.get() }
            return values
        }
    }

    private func work(_ batch: [Element], _ number: Int) {
        let result = Result { try transform(batch) }
        state.withLock { state in
            state.results[number] = result
            state.open -= 1
        }
    }
}
