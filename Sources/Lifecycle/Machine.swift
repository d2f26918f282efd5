/// The life of one machine, as a value: an event changes the state and answers with what is to be done.
///
/// The actions are done in order and each is reported by `succeeded`, `failed` or, for `observe`, `found`; the first
/// that fails ends the list. A verb whose goal is reached already is answered with nothing to do; one that makes no
/// sense is refused and changes nothing. Reports that come late and news that contradict each other are always taken:
/// hypervisors, timers and clients race by nature.
///
/// News (`observed`, `vanished`) never end a wait and never hide a failure: a start or stop under way is ended by its
/// report or by the power that it was for, and `failed` stays until somebody acts.
public struct Machine: Hashable, Sendable {
    public private(set) var state: State
    /// Why the state is `failed`; nil in every other state.
    public private(set) var failure: Failure?

    public init() {
        state = .provisioned
    }

    /// A machine as it was stored. `failure` counts only in the state `failed`.
    public init(state: State, failure: Failure? = nil) {
        self.state = state
        guard state == .failed else { return }
        self.failure = failure ?? Failure(from: .stopped, cause: .action, reason: "the reason was not kept")
    }

    /// Takes an event; throws, with nothing changed, if it asks for what is not possible in this state.
    public mutating func on(_ event: Event) throws(Refusal) -> [Action] {
        switch event {
        case .asked(let verb):
            return try asked(verb)
        case .succeeded(let action):
            succeeded(action)
        case .failed(let action, let reason):
            failed(action, reason)
        case .found(let power):
            found(power)
        case .observed(let power):
            observed(power)
        case .vanished:
            vanished(Failure.vanished)
        case .disowned:
            vanished(Failure.disowned)
        }
        return []
    }

    mutating func enter(_ state: State) {
        self.state = state
        failure = nil
    }

    mutating func fail(_ failure: Failure) {
        state = .failed
        self.failure = failure
    }

    /// Whether the hypervisor certainly has nothing of this machine.
    var isGone: Bool {
        state == .provisioned || failure?.isGone == true
    }
}
