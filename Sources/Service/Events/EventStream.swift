import Access
import Formats
import HTTP
import OrderedCollections
import Store
import Tree

/// One client's stream of events, from its place on.
///
/// Revisions are told without a gap, from the store where they are no longer in the feed. Machines and operations are
/// told from the feed; where it no longer has what happened, `reset` says that both are to be read anew. So it does of the
/// tree where the revisions asked for were compacted.
struct EventStream: Sendable {
    private(set) var call: Call
    let folder: Path
    let kinds: Set<Notice.Kind>
    private(set) var place: Cursor
    /// What was told last of operations that are under way and not seen whole, by their numbers.
    private var told: [Int: String] = [:]

    private var feed: Feed { call.parts.feed }

    /// How many notices, or revisions from the store, are told at once.
    private static let batch = 100
    /// Bytes of text after which what there is is sent first, so that nobody works for a client that has gone.
    private static let part = 32 << 10
    /// How many entries a revision's event tells; the rest are counted.
    private static let entries = 100
    /// What a client is to wait before it connects again, in milliseconds.
    private static let retry = 2_000

    init(_ call: Call, folder: Path, kinds: Set<Notice.Kind>, from place: Cursor) {
        self.call = call
        self.folder = folder
        self.kinds = kinds
        self.place = place
    }

    /// Tells what happened and goes on happening, until the client leaves or is no longer let in.
    mutating func run(_ flow: Flow) async {
        feed.opened()
        defer { feed.closed() }
        var text = EventText()
        text.add(retryAfter: EventStream.retry)
        text.add(comment: "headwater", id: place)
        var beats = feed.beats
        while await flow.send(text.bytes) {
            text = EventText()
            // Asked each time: a token may have been taken back, or rights.
            guard let call = call.again() else {
                text.add(comment: "the token is no longer valid", id: place)
                _ = await flow.send(text.bytes)
                return
            }
            let before = place
            self.call = call
            await tell(Audience(sees: call.sees, folder: folder, kinds: kinds), &text)
            // Nothing to tell since the last beat: a sign of life, and where the client stands by now.
            if text.isEmpty, feed.beats != beats { text.add(comment: "nothing new", id: place) }
            if !text.isEmpty { beats = feed.beats }
            if text.isEmpty, place == before { await feed.wait(after: place) }
        }
    }

    /// Adds what comes next, and moves on behind it.
    private mutating func tell(_ audience: Audience, _ text: inout EventText) async {
        guard let newest = feed.revision(at: place) else {
            let end = feed.end
            place.feed = end.feed
            place.number = end.number
            guard audience.kinds != [.revision] else { return }
            return reset(
                end.revision, "what became of machines and operations meanwhile is not known any more; read them anew",
                &text)
        }
        guard place.revision >= newest else {
            return await tellRevisions(upTo: min(newest, place.revision + EventStream.batch), audience, &text)
        }
        for notice in feed.notices(after: place, EventStream.batch) where text.count < EventStream.part {
            place.number = notice.number
            switch notice.content {
            case .revision:
                await tellRevisions(upTo: notice.revision, audience, &text)
                // What the store did not give is asked for again by the client that comes back.
                guard place.revision >= notice.revision else { return }
            case .state(let path, let document):
                guard audience.kinds.contains(.state), audience.hears(of: path) else { continue }
                text.add(Notice.Kind.state.rawValue, document, id: place)
            case .operation(let operation, let document):
                guard audience.kinds.contains(.operation), let seen = await seen(operation, document, audience) else {
                    continue
                }
                text.add(Notice.Kind.operation.rawValue, seen, id: place)
            }
        }
    }

    /// What is told of an operation: what `GET /v1/operations` tells of it. Nil: nothing, or nothing new.
    private mutating func seen(_ operation: Operation, _ whole: String, _ audience: Audience) async -> String? {
        guard audience.hears(of: operation.path), call.shows(operation) else { return nil }
        if operation.parent == nil, call.standing.seesAll(below: operation.path) { return whole }
        guard let document = try? await call.document(of: operation) else { return nil }
        let line = Value.map(document).line
        // That a part goes on which may not be viewed is not told by telling the rest again.
        defer { told[operation.id] = operation.state.isEnd ? nil : line }
        return told[operation.id] == line ? nil : line
    }

    /// Adds that what is known of a revision is to be read anew.
    private func reset(_ revision: Int, _ detail: String, _ text: inout EventText) {
        let document: Value = ["revision": .integer(revision), "detail": .string(detail)]
        text.add("reset", document.line, id: place)
    }

    /// Adds revisions up to this one, as far as the store gives them.
    private mutating func tellRevisions(upTo last: Int, _ audience: Audience, _ text: inout EventText) async {
        guard audience.kinds.contains(.revision) else {
            place.revision = last
            return
        }
        while place.revision < last, text.count < EventStream.part, !Task.isCancelled {
            let news: Revisions.News?
            do throws(StoreError) {
                news = try await call.parts.revisions.news(of: place.revision + 1)
            } catch {
                guard case .compacted(_, let oldest) = error.reason else { return }
                place.revision = max(place.revision + 1, oldest - 1)
                reset(
                    place.revision,
                    "what revisions before \(oldest) changed is not kept any more; read the tree anew", &text)
                continue
            }
            place.revision += 1
            guard let news else { continue }
            var hindsight = call.hindsight
            let number = news.revision.number
            let touches = news.touches.compactMap { touch in
                audience.hears(of: touch) { path, isBefore in
                    (try? hindsight.sees(path, of: touch.id, as: [isBefore ? number - 1 : number])) ?? false
                }
            }
            guard !touches.isEmpty else { continue }
            var document = RevisionDocument(news.revision)
            if touches != news.touches { document.narrow(entries: touches.count) }
            document.tell(touches, limit: EventStream.entries)
            text.add(Notice.Kind.revision.rawValue, Value.map(document.map).line, id: place)
        }
    }
}
