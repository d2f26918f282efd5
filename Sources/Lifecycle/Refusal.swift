/// Why a machine does not do what was asked: the state, the verb, and what would make it possible.
public struct Refusal: Error, Hashable, Sendable {
    public let state: State
    public let verb: Verb
    /// What is in the way and what helps, as the end of a sentence.
    public let reason: String
}

extension Refusal: CustomStringConvertible {
    /// `cannot pause while stopped: only a running VM can be paused; start it first`.
    public var description: String {
        "cannot \(verb.rawValue) while \(state.rawValue): \(reason)"
    }
}
