/// Makes guessing slow: after some failures of a kind, each further one is followed by a pause, twice as long as the last.
///
/// What an attempt costs is charged when it begins, so that many at once gain nothing; one that succeeds is forgiven. Times
/// are in milliseconds since 1970.
struct Pauses<Key: Hashable & Sendable>: Sendable {
    /// How many attempts are free.
    let free: Int
    /// The longest pause, in milliseconds.
    let longest: Int

    private struct Record {
        var failures: Int
        var last: Int
    }

    private var records: [Key: Record] = [:]
    /// After so long nothing is known of a key any more, in milliseconds: an hour.
    private let memory = 3_600_000
    /// More keys are not remembered: those that were quiet for longest are forgotten.
    private let capacity = 10_000

    init(free: Int, longest: Int) {
        self.free = free
        self.longest = longest
    }

    var count: Int { records.count }

    /// How long no attempt is heard, in milliseconds; 0 if one is.
    func remaining(_ key: Key, now: Int) -> Int {
        guard let record = records[key], now - record.last < memory else { return 0 }
        let doublings = min(record.failures - free - 1, 30)
        guard doublings >= 0 else { return 0 }
        // A clock that was set back makes no pause longer than the longest.
        let pause = min(1_000 << doublings, longest)
        return max(0, min(pause, record.last + pause - now))
    }

    /// Charges an attempt.
    mutating func charge(_ key: Key, now: Int) {
        if records[key] == nil, records.count >= capacity { forgetQuietest(now) }
        let known = records[key].flatMap { now - $0.last < memory ? $0.failures : nil } ?? 0
        records[key] = Record(failures: min(known + 1, 1_000), last: now)
    }

    /// Takes one charge back.
    mutating func refund(_ key: Key) {
        guard var record = records[key] else { return }
        record.failures -= 1
        records[key] = record.failures > 0 ? record : nil
    }

    /// Takes all charges back.
    mutating func forgive(_ key: Key) {
        records[key] = nil
    }

    private mutating func forgetQuietest(_ now: Int) {
        records = records.filter { now - $0.value.last < memory }
        guard records.count >= capacity else { return }
        let middle = records.values.map(\.last).sorted()[records.count / 2]
        records = records.filter { $0.value.last > middle }
    }
}
