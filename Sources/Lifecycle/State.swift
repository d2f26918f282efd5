/// Where a machine stands in its life, as people see it.
public enum State: String, Hashable, Sendable, CaseIterable {
    /// Described only: no hypervisor has it.
    case provisioned
    /// On its hypervisor, never started since it was made.
    case created
    /// Asked to start; the hypervisor has not yet answered.
    case starting
    case running
    case paused
    /// Asked to stop; it still runs.
    case stopping
    /// On its hypervisor, powered off after it ran.
    case stopped
    /// What was tried last did not work, or the hypervisor lost it: `Failure` says which.
    case failed
}
