import Foundation

/// Follows a stream of events for as long as it is let, over connections that come and go.
struct Listener {
    let client: Client
    let address: Address
    private var parser = EventParser()

    init(client: Client, address: Address) {
        self.client = client
        self.address = address
    }

    /// The longest pause before the server is tried again, in milliseconds.
    private static let longest = 30_000

    /// Passes each event to `body`. Where a connection is lost, another goes on from the same place, after pauses that
    /// grow while there is none.
    /// - Throws: what the server refused; or that it could not be reached at all, if it never was.
    mutating func listen(_ body: @escaping @Sendable (Event) -> Void) async throws(Failure) {
        var failures = 0
        while true {
            let place = parser.lastEventID
            let failure: Failure?
            (parser, failure) = await client.events(address, parser, body)
            failures = parser.lastEventID == place ? failures + 1 : 0
            if let failure {
                // What is refused stays refused; a server that is starting, stopping or gone comes back.
                guard parser.lastEventID != "", (failure.answered ?? 503) >= 500 else { throw failure }
                if failures <= 1 { Terminal.say("headwater: \(failure.message); connecting again until it does") }
            } else if failures == 0 {
                Terminal.say("headwater: the server ended the stream; connecting again")
            }
            let first = max(parser.retry ?? 1_000, 100)
            let pause = min(first << min(failures, 10), Listener.longest)
            // So that not all clients of a server that starts anew come at once.
            try? await Task.sleep(for: .milliseconds(Int.random(in: pause / 2...pause)))
        }
    }
}
