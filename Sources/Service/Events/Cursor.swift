/// A place in all that happens: what its holder knows of the revisions, and of all else.
struct Cursor: Hashable, Sendable {
    /// The newest revision that is known.
    var revision: Int
    /// The feed that `number` is of.
    var feed: String
    /// The last notice that is known.
    var number: Int

    /// A place that knows revisions only.
    init(revision: Int) {
        self.init(revision: revision, feed: "", number: 0)
    }

    init(revision: Int, feed: String, number: Int) {
        self.revision = revision
        self.feed = feed
        self.number = number
    }
}

extension Cursor: LosslessStringConvertible {
    /// An event's id: `41.3w5e11264sgsf.1007`.
    var description: String { "\(revision).\(feed).\(number)" }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let revision = Int(parts[0]), revision >= 0, let number = Int(parts[2]), number >= 0
        else { return nil }
        self.init(revision: revision, feed: String(parts[1]), number: number)
    }
}
