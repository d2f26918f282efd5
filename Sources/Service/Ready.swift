import HTTP

/// What was found out about a document when it was last asked for.
struct Ready: Sendable {
    /// The snapshot that it was found to be current in; 0: in none.
    private(set) var generation = 0
    /// Who was found to be allowed to read it in that snapshot, by number; 0: nobody was asked about.
    var reader = 0
    /// The revision that the answers tell.
    private var revision = 0
    /// The document as it is sent, and as it is not sent to who has it; made when they are first needed.
    private(set) var whole: Answer?
    private(set) var unchanged: Answer?

    init() {}

    init(in snapshot: Snapshot) {
        generation = snapshot.generation
        revision = snapshot.revision
    }

    /// The same in a later snapshot, to be asked about anew. Answers that tell of the revision are kept if there is no other.
    func renewed(in snapshot: Snapshot) -> Ready {
        if generation == snapshot.generation { return self }
        var ready = Ready(in: snapshot)
        if revision == snapshot.revision { (ready.whole, ready.unchanged) = (whole, unchanged) }
        return ready
    }

    /// The answer with a document, or without it; nil if there is no memory for it.
    mutating func answer(with document: Document, isUnchanged: Bool) -> Answer? {
        if isUnchanged {
            if unchanged == nil { unchanged = Answer(document.unchanged(revision)) }
            return unchanged
        }
        if whole == nil { whole = Answer(document.response(revision)) }
        return whole
    }
}
