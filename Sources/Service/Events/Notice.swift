import Store
import Tree

/// One thing that happened, as the event stream tells of it.
struct Notice: Sendable {
    /// Its number in the feed, from 1, without gaps.
    let number: Int
    /// The newest revision when it happened; its own for a revision.
    let revision: Int
    let content: Content

    enum Content: Sendable {
        /// The revision was accepted.
        case revision
        /// A machine's state, or something else that became known of it, is another; the document of that as JSON.
        case state(Path, String)
        /// An operation was accepted, went on, or ended; its document as JSON for who sees all of it.
        case operation(Operation, String)
    }

    /// What a client can ask for by name; the names of the events in the stream.
    enum Kind: String, CaseIterable, Sendable {
        case revision, state, operation
    }
}
