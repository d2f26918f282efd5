import Lifecycle

/// What somebody wants done to a machine.
struct Order: Hashable, Sendable {
    let verb: Verb
    /// Whether a start leaves the machine as it was last applied, whatever its definition says by now.
    var keeps = false
    /// How long a stop gives the guest to shut down; nil: as long as the service's settings say.
    var grace: Duration?
}

extension Order: LosslessStringConvertible {
    /// As an operation has it in the store: `start`, `start keep`, `stop grace=300` (in seconds).
    var description: String {
        var text = verb.rawValue
        if keeps { text += " keep" }
        if let grace { text += " grace=\(grace.components.seconds)" }
        return text
    }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let verb = words.first.flatMap({ Verb(rawValue: String($0)) }) else { return nil }
        self.init(verb: verb)
        for word in words.dropFirst() {
            if word == "keep" {
                keeps = true
            } else if word.hasPrefix("grace="), let seconds = Int(word.dropFirst("grace=".count)) {
                grace = .seconds(seconds)
            } else {
                return nil
            }
        }
    }
}
