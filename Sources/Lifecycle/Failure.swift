/// Why a machine is in the state `failed`.
public struct Failure: Hashable, Sendable {
    /// The state it was in.
    public let from: State
    /// What happened.
    public let cause: Cause
    /// For people, in one line.
    public let reason: String

    public init(from: State, cause: Cause, reason: String) {
        self.from = from
        self.cause = cause
        self.reason = reason
    }

    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// An action did not succeed.
        case action
        /// The VM was removed on the hypervisor by somebody else, or our mark was taken from it.
        case vanished
        /// The guest or its emulator died.
        case crashed
    }

    /// Whether the hypervisor certainly has nothing of the machine: a definition that fails leaves nothing behind.
    public var isGone: Bool {
        switch cause {
        case .action: from == .provisioned
        case .vanished: true
        case .crashed: false
        }
    }

    static func vanished(from state: State) -> Failure {
        Failure(
            from: state, cause: .vanished,
            reason: "the hypervisor no longer has the VM: it was \(state.rawValue) when it was removed there; create "
                + "makes it again, with keepDisks on the disks that it left; where it was moved, unmanaged lists it and adopt "
                + "takes it over; reconcile takes the descriptor back to provisioned")
    }

    /// A VM from which somebody took our mark is nobody's: what is asked of ours is not done to it.
    static func disowned(from state: State) -> Failure {
        Failure(
            from: state, cause: .vanished,
            reason:
                "the hypervisor has the VM, but our mark was taken from it while it was \(state.rawValue); it is left "
                + "as it is: adopt takes it over; reconcile takes the descriptor back to provisioned")
    }

    static func crashed(from state: State) -> Failure {
        Failure(
            from: state, cause: .crashed,
            reason: "the VM crashed on the hypervisor while it was \(state.rawValue); start tries it again, poweroff "
                + "leaves it stopped")
    }
}
