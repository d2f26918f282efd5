import HTTP

/// A document that is kept, and what was found out about it when it was last asked for.
final class Ready: Sendable {
    let kept: Kept
    /// The snapshot that it was found to be current in.
    let generation: Int
    /// Who was found to be allowed to read it in that snapshot, by number; 0: nobody was asked about.
    let reader: Int
    /// The 200 and the 304 response, built on first use.
    private let whole: Answer?
    private let unchanged: Answer?
    /// The revision that the answers tell.
    private let revision: Int

    private init(
        _ kept: Kept, generation: Int, revision: Int, reader: Int, _ whole: Answer?, _ unchanged: Answer?
    ) {
        self.kept = kept
        self.generation = generation
        self.reader = reader
        self.whole = whole
        self.unchanged = unchanged
        self.revision = revision
    }

    convenience init(_ kept: Kept, in snapshot: Snapshot) {
        self.init(kept, generation: snapshot.generation, revision: snapshot.revision, reader: 0, nil, nil)
    }

    /// The same with the answer to who may read it in a snapshot that it is current in, and shows these tags. What tells of the
    /// same revision is sent again.
    func answering(_ tags: UnsafeRawBufferPointer?, reader: Int, in snapshot: Snapshot) -> Ready {
        let document = kept.document
        let isKnown = tags?.list(document.etag) == true
        let whole = revision == snapshot.revision ? whole : nil
        let unchanged = revision == snapshot.revision ? unchanged : nil
        return Ready(
            kept, generation: snapshot.generation, revision: snapshot.revision, reader: reader,
            whole ?? (isKnown ? nil : Answer(document.response(snapshot.revision))),
            unchanged ?? (isKnown ? Answer(document.unchanged(snapshot.revision)) : nil))
    }

    /// The answer to who shows these tags; nil if it was not made yet.
    func answer(_ tags: UnsafeRawBufferPointer?) -> Answer? {
        tags?.list(kept.document.etag) == true ? unchanged : whole
    }
}
