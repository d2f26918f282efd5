import Access
import HTTP
import OrderedCollections
import Tree

/// Hearing of what happens.
enum EventRoutes {
    static let all: [ServiceRoute] = [
        .stream(
            .get, "/v1/events", .known, "what happens from now on, or since a revision, as server-sent events",
            [
                Query(name: "since", summary: "what followed this revision as well"),
                Query(name: "folder", summary: "only of what is at this path or below it"),
                Query(name: "kinds", summary: "only these, of revision, state and operation, with commas between"),
            ], stream)
    ]

    private static func stream(_ call: Call) throws(ServiceError) -> Response {
        let folder = try call.head.query("folder").map { text throws(ServiceError) in try Call.path(text) } ?? .root
        if !folder.isRoot { try call.find(folder) }
        guard call.snapshot.tree[folder] != nil else { throw .missing(folder) }
        let stream = EventStream(call, folder: folder, kinds: try call.kinds(), from: try call.place())
        return Response(
            headers: [
                ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
                // What nginx would gather before it passes it on.
                ("X-Accel-Buffering", "no"), ("X-Headwater-Revision", String(call.snapshot.revision)),
            ],
            flow: { flow in
                var stream = stream
                await stream.run(flow)
            })
    }
}

extension Call {
    /// The events that are asked for.
    fileprivate func kinds() throws(ServiceError) -> Set<Notice.Kind> {
        guard let text = head.query("kinds") else { return Set(Notice.Kind.allCases) }
        var kinds: Set<Notice.Kind> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let kind = Notice.Kind(rawValue: String(name)) else {
                throw .badRequest("kinds=\(text): expected revision, state or operation, with commas between")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// Where the stream begins: where an earlier one was cut off, else after a revision, else now.
    fileprivate func place() throws(ServiceError) -> Cursor {
        if let id = head.header("Last-Event-ID"), !id.isEmpty {
            guard let place = Cursor(id) else {
                throw .badRequest("Last-Event-ID: \(id): expected the id of an event of this stream")
            }
            // A tree of fewer revisions than the client knows is another one, such as an older copy.
            return place.revision <= snapshot.revision ? place : Cursor(revision: snapshot.revision)
        }
        guard let revision = try number("since", in: 0...Int.max) else { return parts.feed.end }
        guard revision <= snapshot.revision else {
            throw .notFound("there is no revision \(revision); the newest is \(snapshot.revision)")
        }
        return parts.feed.place(after: revision) ?? Cursor(revision: revision)
    }
}
