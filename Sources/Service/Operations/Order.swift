import Access
import Lifecycle

/// What somebody wants done to a machine.
struct Order: Hashable, Sendable {
    let verb: Verb
    /// Whether a start leaves the machine as it was last applied, whatever its definition says by now.
    var keeps = false
    /// Whether a machine's disks are left by a destroy, or taken up by a creation.
    var keepsDisks = false
    /// How long a stop gives the guest to shut down; nil: as long as the service's settings say.
    var grace: Duration?
    /// Whether the machine is forgotten where its hypervisor does not do it, with what that has of it.
    var forgets = false
    /// Whether nobody asked: the service restores what the definition wants.
    var restoresWanted = false

    /// What one needs at a machine to ask this of it. What is forgotten goes on beyond the tree's reach, as what is released.
    var rights: Rights { forgets ? verb.rights.union([.trust]) : verb.rights }
}

extension Order: LosslessStringConvertible {
    /// As an operation has it in the store: `start`, `start keep`, `destroy keepDisks`, `stop grace=300` (in seconds),
    /// `destroy forget`, `start keep wanted`.
    var description: String {
        var text = verb.rawValue
        if keeps { text += " keep" }
        if keepsDisks { text += " keepDisks" }
        if let grace { text += " grace=\(grace.components.seconds)" }
        if forgets { text += " forget" }
        if restoresWanted { text += " wanted" }
        return text
    }

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let verb = words.first.flatMap({ Verb(rawValue: String($0)) }) else { return nil }
        self.init(verb: verb)
        for word in words.dropFirst() {
            if word == "keep" {
                keeps = true
            } else if word == "wanted" {
                restoresWanted = true
            } else if word == "keepDisks" {
                keepsDisks = true
            } else if word.hasPrefix("grace="), let seconds = Int(word.dropFirst("grace=".count)) {
                grace = .seconds(seconds)
            } else if word == "forget" {
                forgets = true
            } else {
                return nil
            }
        }
    }
}
