/// Reads a stream of events, as it arrives (https://html.spec.whatwg.org/multipage/server-sent-events.html, 9.2.6).
struct EventParser {
    /// Where a stream goes on that is cut off now; empty at the beginning.
    private(set) var lastEventID: String
    /// What the server says to wait before connecting again, in milliseconds; nil if it says nothing.
    private(set) var retry: Int?

    private var line: [UInt8] = []
    private var endedWithReturn = false
    private var isFirst = true
    private var id: String
    private var name = ""
    private var data: [String] = []

    /// - Parameter lastEventID: where an earlier stream was cut off.
    init(lastEventID: String = "") {
        self.lastEventID = lastEventID
        id = lastEventID
    }

    /// Takes the next bytes, and gives the events that they complete.
    mutating func read(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            // CR LF, LF and CR end a line.
            defer { endedWithReturn = byte == 13 }
            switch byte {
            case 10 where endedWithReturn: break
            case 10, 13: if let event = endLine() { events.append(event) }
            default: line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        var text = String(decoding: line, as: UTF8.self)
        line = []
        // A byte order mark at the very beginning is none of the text.
        if isFirst, text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        isFirst = false
        guard !text.isEmpty else { return dispatch() }
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = halves.count > 1 ? String(halves[1].hasPrefix(" ") ? halves[1].dropFirst() : halves[1]) : ""
        switch halves[0] {
        case "event": name = value
        case "data": data.append(value)
        case "id" where !value.utf8.contains(0): id = value
        case "retry": if let number = Int(value), number >= 0 { retry = number }
        // A comment, or a field that is not known.
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = ""
            data = []
        }
        lastEventID = id
        guard !data.isEmpty else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: id)
    }
}
