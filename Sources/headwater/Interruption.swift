import Dispatch
import Foundation

/// Says a last word, if there is one, when the user interrupts the program (SIGINT), for as long as it is not ended.
final class Interruption {
    private let source: any DispatchSourceSignal

    init(_ word: String = "") {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { @Sendable in
            let text = (Terminal.errors.isInteractive ? "\n" : "") + word
            if !text.isEmpty { Terminal.say(text) }
            exit(Failure.interrupted)
        }
        source.resume()
    }

    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
