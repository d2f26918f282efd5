import TestSupport
import Testing

@testable import headwater

@Suite("Reading a stream of events")
struct EventParserTests {
    /// Streams as the standard has them in its examples (9.2.6), and what they say.
    private static let streams: [(String, [Event], String)] = [
        (
            "data: YHOO\ndata: +2\ndata: 10\n\n", [Event(name: "message", data: "YHOO\n+2\n10", id: "")], ""
        ),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            [
                Event(name: "message", data: "first event", id: "1"),
                Event(name: "message", data: "second event", id: ""),
                Event(name: "message", data: " third event", id: ""),
            ], ""
        ),
        (
            "data\n\ndata\ndata\n\ndata:",
            [Event(name: "message", data: "", id: ""), Event(name: "message", data: "\n", id: "")], ""
        ),
        (
            "event: add\ndata: 73857293\n\nevent: none\n\ndata: x\n\n",
            [Event(name: "add", data: "73857293", id: ""), Event(name: "message", data: "x", id: "")], ""
        ),
        ("\u{FEFF}data: a\r\ndata: b\r\rid: 7\n\n", [Event(name: "message", data: "a\nb", id: "")], "7"),
        ("id: 8\n: a place without an event\n\nid: 9\ndata: cut off", [], "8"),
        ("id: a\u{0}b\nunknown: x\ndata: ñ→\n\n", [Event(name: "message", data: "ñ→", id: "")], ""),
    ]

    @Test("each stream of the standard says what it does, in whatever parts it arrives")
    func standard() {
        var random = Seeded()
        for (text, events, last) in Self.streams {
            for _ in 0..<20 {
                var parser = EventParser()
                var rest = Array(text.utf8)[...]
                var read: [Event] = []
                while !rest.isEmpty {
                    let count = Int.random(in: 1...min(5, rest.count), using: &random)
                    read += parser.read(rest.prefix(count))
                    rest = rest.dropFirst(count)
                }
                #expect(read == events && parser.lastEventID == last, "\(random): \(text)")
            }
        }
    }

    @Test("the server says how long to wait, in digits")
    func retry() {
        var parser = EventParser(lastEventID: "5")
        _ = parser.read("retry: 2500\nretry: soon\nretry: -1\n\n".utf8)
        #expect(parser.retry == 2_500 && parser.lastEventID == "5")
    }

    @Test("an event is one line for people, without what could steer a terminal")
    func lines() {
        let plain = Terminal(isInteractive: false, hasColour: false, width: nil)
        let lines: [(Event, String)] = [
            (
                Event(
                    name: "revision",
                    data: """
                        {"number": 42, "time": "2026-03-01T09:30:00.000Z", "principal": "ana", "message": "more\\u001b",
                         "entries": 5, "changes": [{"path": "/a", "change": "created"},
                         {"path": "/c", "from": "/b", "change": "moved"}]}
                        """, id: ""),
                "2026-03-01 09:30:00  r42  ana  created /a, moved /b → /c and 3 more  more\\u{1B}"
            ),
            (
                Event(
                    name: "state",
                    data: """
                        {"path": "/a/web", "state": "failed", "was": "running", "reason": "it is gone",
                         "drift": ["hardware.cpus"], "vm": {"unreachable": "no answer"}, "time": "2026-03-01T09:30:01.000Z"}
                        """, id: ""),
                "2026-03-01 09:30:01  /a/web  failed  was running  it is gone  unreachable: no answer  drift: hardware.cpus"
            ),
            (
                Event(
                    name: "operation",
                    data: """
                        {"id": 7, "verb": "start", "path": "/a", "state": "running", "progress": {"done": 2, "total": 9},
                         "steps": [{"time": "2026-03-01T09:30:02.000Z", "text": "define"}]}
                        """, id: ""),
                "2026-03-01 09:30:02  operation 7  start /a  running  2 of 9  define"
            ),
            (Event(name: "reset", data: "{\"detail\": \"read anew\"}", id: ""), "reset  read anew"),
        ]
        for (event, line) in lines { #expect(EventSummary(event).text(plain) == line) }
    }
}
