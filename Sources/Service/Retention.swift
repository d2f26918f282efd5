import Store

/// How much of the past is kept: a revision that both bounds let go is compacted. Without any, all is kept.
public struct Retention: Hashable, Sendable {
    /// For how long what a revision changed can be told.
    public var days: Int?
    /// Of how many revisions, the newest ones, it can be told however old they are.
    public var revisions: Int?

    public init(days: Int? = nil, revisions: Int? = nil) {
        self.days = days
        self.revisions = revisions
    }

    /// The oldest revision whose tree must be kept; nil if all must.
    ///
    /// - Parameters:
    ///   - newest: the number of the newest revision.
    ///   - now: in milliseconds since 1970.
    func horizon(_ store: any StateStore, newest: Int, now: Int) throws(StoreError) -> Int? {
        var bounds: [Int] = []
        if let revisions { bounds.append(max(newest - revisions, 0)) }
        if let days {
            bounds.append(try store.revision(by: Clock.days(days, before: now)) ?? 0)
        }
        return bounds.min()
    }
}
