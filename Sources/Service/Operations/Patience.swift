/// How long a hypervisor that does not answer is asked again, and with what pauses: each twice the one before.
public struct Patience: Hashable, Sendable {
    /// From the first time that it did not answer to the last try.
    public var total: Duration
    public var firstPause: Duration
    public var longestPause: Duration

    /// As long as a host takes to start anew.
    public init(
        total: Duration = .seconds(900), firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(60)
    ) {
        self.total = total
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// The pause after so many failures in a row, the first of which was so long ago; nil: it has been long enough.
    ///
    /// The last try is made when the time is over, not before.
    func pause(after failures: Int, since spent: Duration) -> Duration? {
        guard spent < total else { return nil }
        return min(growing(failures), total - spent)
    }

    /// The pause after so many failures in a row, however long ago the first was.
    func growing(_ failures: Int) -> Duration {
        min(firstPause * (1 << min(max(failures - 1, 0), 20)), longestPause)
    }
}
