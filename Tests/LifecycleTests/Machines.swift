import Lifecycle

/// Every machine that behaves differently: one for each state, and two that failed.
enum Machines {
    static let all = State.allCases.filter { $0 != .failed }.map { Machine(state: $0) } + [failed, gone]

    /// A machine that failed, and that the hypervisor may have.
    static let failed = Machine(
        state: .failed, failure: Failure(from: .starting, cause: .action, reason: "no memory left"))

    /// A machine that failed, and that the hypervisor certainly does not have.
    static let gone = Machine(
        state: .failed, failure: Failure(from: .provisioned, cause: .action, reason: "no space left"))

    /// Every event, with one reason for those that have one.
    static let events: [Event] =
        Verb.allCases.map(Event.asked) + reports + news

    static let reports: [Event] =
        Action.allCases.map(Event.succeeded) + Action.allCases.map { .failed($0, reason: "no answer") }

    static let news: [Event] =
        Power.allCases.map(Event.found) + [.found(nil)] + Power.allCases.map(Event.observed) + [.vanished, .disowned]

    static func name(_ machine: Machine) -> String {
        guard let failure = machine.failure else { return machine.state.rawValue }
        return failure.isGone ? "failed, gone" : "failed"
    }
}
