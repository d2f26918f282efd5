import Lifecycle

/// What somebody wants done to a machine.
struct Order: Hashable, Sendable {
    let verb: Verb
    /// Whether a start leaves the machine as it was last applied, whatever its definition says by now.
    var keeps = false
}

extension Order: LosslessStringConvertible {
    /// As an operation has it in the store: `start`, `start keep`.
    var description: String { keeps ? "\(verb.rawValue) keep" : verb.rawValue }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let verb = words.first.flatMap({ Verb(rawValue: String($0)) }),
            words.dropFirst().allSatisfy({ $0 == "keep" })
        else { return nil }
        self.init(verb: verb, keeps: words.count > 1)
    }
}
