import Dispatch
import Foundation

/// Says a last word when the user interrupts the program (SIGINT), for as long as it is not ended.
final class Interruption {
    private let source: any DispatchSourceSignal

    init(_ word: String) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { @Sendable in
            Terminal.say((Terminal.errors.isInteractive ? "\n" : "") + word)
            exit(Failure.interrupted)
        }
        source.resume()
    }

    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
