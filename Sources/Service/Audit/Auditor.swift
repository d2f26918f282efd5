import Dispatch
import Logging
import Store
import Synchronization

/// Writes to the audit log what is not written together with what it tells of: refusals, and who came in.
///
/// Nobody waits for it. Strangers can make as many attempts as they like, and rows are kept for long: of those that one
/// network makes within a minute the first is a row, the others are one more, with their number.
final class Auditor: Sendable {
    private let store: any StateStore
    private let log: Logger
    private let queue = DispatchQueue(label: "headwater.audit")
    private let state = Mutex(State())

    private struct State {
        var waiting: [AuditEntry] = []
        var isWriting = false
        /// How many rows there was no room for.
        var lost = 0
        /// How many attempts of this minute are not told yet.
        var strangers: [Stranger: Int] = [:]
    }

    private struct Stranger: Hashable {
        let way: Attempt.Way
        let claimed: String?
        /// Nil for all that there is no room for.
        let network: String?
    }

    private static let longestQueue = 10_000
    private static let mostStrangers = 1_000

    init(_ store: any StateStore, _ log: Logger) {
        self.store = store
        self.log = log
    }

    /// Takes a row to be written soon.
    func note(_ entry: AuditEntry) {
        let begins = state.withLock { state in
            guard state.waiting.count < Self.longestQueue else {
                state.lost += 1
                return false
            }
            state.waiting.append(entry)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { queue.async { self.write() } }
    }

    /// Takes an attempt to come in.
    func note(_ attempt: Attempt) {
        guard !attempt.wasAccepted else { return note(AuditEntry(attempt, address: attempt.address)) }
        let network = Network.of(attempt.address)
        let isFirst = state.withLock { state in
            var stranger = Stranger(way: attempt.way, claimed: attempt.claimed, network: network)
            if state.strangers[stranger] == nil {
                guard state.strangers.count >= Self.mostStrangers else {
                    state.strangers[stranger] = 0
                    return true
                }
                stranger = Stranger(way: attempt.way, claimed: nil, network: nil)
            }
            state.strangers[stranger, default: 0] += 1
            return false
        }
        if isFirst { note(AuditEntry(attempt, address: attempt.address)) }
    }

    /// Takes the attempts that were only counted, to be called once a minute.
    func noteStrangers() {
        let strangers = state.withLock { state in
            defer { state.strangers = [:] }
            return state.strangers
        }
        for (stranger, count) in strangers where count > 0 {
            let attempt = Attempt(way: stranger.way, claimed: stranger.claimed, address: "", wasAccepted: false)
            note(AuditEntry(attempt, address: stranger.network, times: count))
        }
    }

    /// Forgets the rows that are to be kept no longer, some at a time.
    func shorten(_ retention: AuditRetention) {
        queue.async { self.forget(retention) }
    }

    private func forget(_ retention: AuditRetention) {
        let now = Clock.now
        let entry = AuditEntry(time: now, principal: "headwaterd", action: AuditEntry.shortening)
        do {
            _ = try store.shortenAudit(
                before: Clock.days(retention.days, before: now), keeping: retention.rows, limit: 10_000, as: entry)
        } catch {
            log.error("the audit log cannot be shortened: \(error)")
        }
    }

    /// Writes all that waits.
    func close() {
        noteStrangers()
        queue.sync { write() }
    }

    private func write() {
        while let (entries, lost) = take() {
            var rows = entries
            if lost > 0 {
                rows.append(AuditEntry(time: Clock.now, principal: "headwaterd", action: "lose rows", times: lost))
            }
            do {
                try store.append(rows)
            } catch {
                log.error("the audit log cannot be written, rows lost: \(rows.count): \(error)")
            }
        }
    }

    private func take() -> (entries: [AuditEntry], lost: Int)? {
        state.withLock { state in
            guard !state.waiting.isEmpty || state.lost > 0 else {
                state.isWriting = false
                return nil
            }
            defer { (state.waiting, state.lost) = ([], 0) }
            return (state.waiting, state.lost)
        }
    }
}

extension AuditEntry {
    fileprivate init(_ attempt: Attempt, address: String?, times: Int = 1) {
        self.init(
            time: Clock.now, principal: attempt.claimed, key: attempt.way.rawValue,
            address: address?.isEmpty == false ? address : nil, action: "come in",
            result: attempt.wasAccepted ? .done : .refused, status: attempt.wasAccepted ? nil : 401, times: times)
    }
}
