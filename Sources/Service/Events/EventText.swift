/// Events as a stream of text (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct EventText: Sendable {
    private(set) var text = ""

    var isEmpty: Bool { text.isEmpty }
    /// In bytes.
    var count: Int { text.utf8.count }
    var bytes: [UInt8] { Array(text.utf8) }

    /// An event; `data` has no line break.
    mutating func add(_ event: String, _ data: String, id: Cursor) {
        text += "id: \(id)\nevent: \(event)\ndata: \(data)\n\n"
    }

    /// A line that a client need not read, and where it stands, which it remembers without an event.
    mutating func add(comment: String, id: Cursor) {
        text += ": \(comment)\nid: \(id)\n\n"
    }

    /// How long a client is to wait before it connects again.
    mutating func add(retryAfter milliseconds: Int) {
        text += "retry: \(milliseconds)\n"
    }
}
