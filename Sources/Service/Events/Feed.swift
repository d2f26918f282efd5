import Synchronization

/// What happened of late, in its order, for all event streams together.
///
/// Nothing is kept for a single reader but its place: one that falls so far behind that what it would read next is no
/// longer kept is told so, and reads on from the end.
final class Feed: Sendable {
    /// Differs between any two feeds: numbers of one mean nothing in another.
    let name = String(UInt64.random(in: 0 ... .max), radix: 36)

    private let state: Mutex<State>

    private struct State {
        var ring: Ring<Notice>
        /// The newest revision.
        var revision: Int
        /// The newest revision before the first notice that is kept.
        var base: Int
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var tickets = 0
        var beats = 0
        var streams = 0

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            defer { waiting = [:] }
            return Array(waiting.values)
        }
    }

    /// - Parameters:
    ///   - revision: the newest one.
    ///   - limit: how many notices are kept.
    init(revision: Int, limit: Int) {
        state = Mutex(State(ring: Ring(limit: limit), revision: revision, base: revision))
    }

    /// Tells of a revision.
    func tell(revision: Int) {
        tell { state in
            state.revision = revision
            return .revision
        }
    }

    /// Tells of anything else.
    func tell(_ content: Notice.Content) {
        tell { _ in content }
    }

    private func tell(_ content: (inout State) -> Notice.Content) {
        let waiting = state.withLock { state in
            let content = content(&state)
            let notice = Notice(number: state.ring.count + 1, revision: state.revision, content: content)
            if let old = state.ring.append(notice) { state.base = old.revision }
            return state.takeWaiting()
        }
        for reader in waiting { reader.resume() }
    }

    /// Where somebody stands who knows all that happened.
    var end: Cursor { state.withLock { Cursor(revision: $0.revision, feed: name, number: $0.ring.count) } }

    /// The place right after a revision; nil if not all that followed it is kept.
    func place(after revision: Int) -> Cursor? {
        state.withLock { state in
            var number = state.ring.first
            while let notice = state.ring[number] {
                if case .revision = notice.content, notice.revision == revision {
                    return Cursor(revision: revision, feed: name, number: number)
                }
                number += 1
            }
            return nil
        }
    }

    /// The newest revision at a place; nil if not all that followed it is kept, or the place is in another feed.
    func revision(at place: Cursor) -> Int? {
        guard place.feed == name else { return nil }
        return state.withLock { state in
            state.ring[place.number]?.revision ?? (place.number == state.ring.first - 1 ? state.base : nil)
        }
    }

    /// Up to `count` notices after a place in this feed; empty if there are no more, or they are not kept.
    func notices(after place: Cursor, _ count: Int) -> [Notice] {
        state.withLock { state in
            var notices: [Notice] = []
            while notices.count < count, let notice = state.ring[place.number + notices.count + 1] {
                notices.append(notice)
            }
            return notices
        }
    }

    /// Waits until there is a notice after that place, or a beat, or the task is cancelled.
    func wait(after place: Cursor) async {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    // Looked at under the lock: whoever cancels comes after, and finds the continuation.
                    guard state.ring.count <= place.number, !Task.isCancelled else { return false }
                    state.waiting[ticket] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// Wakes all who wait, so that they can say that they are still there.
    func beat() {
        let waiting = state.withLock { state in
            state.beats += 1
            return state.takeWaiting()
        }
        for reader in waiting { reader.resume() }
    }

    /// How many beats there have been.
    var beats: Int { state.withLock { $0.beats } }

    // MARK: Counting

    /// How many streams are open.
    var streams: Int { state.withLock { $0.streams } }

    func opened() { state.withLock { $0.streams += 1 } }
    func closed() { state.withLock { $0.streams -= 1 } }
}
