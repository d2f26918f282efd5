@preconcurrency import Dispatch
import Foundation

/// The signals that steer the daemon.
final class Signals {
    /// SIGTERM, SIGINT and SIGHUP as they come.
    let received: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        received = stream
        // A client that goes away while it is answered is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }
}
