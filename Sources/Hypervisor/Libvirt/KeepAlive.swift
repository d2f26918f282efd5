/// When a daemon that says nothing is held to be gone: so many questions, so far apart, without an answer.
package struct KeepAlive: Hashable, Sendable {
    /// In seconds.
    package var interval: Int
    package var count: Int

    package init(interval: Int = 5, count: Int = 5) {
        self.interval = interval
        self.count = count
    }
}
