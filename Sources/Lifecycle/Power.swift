/// What a hypervisor says of a VM that it has.
public enum Power: String, Hashable, Sendable, CaseIterable {
    case off
    /// The hypervisor is powering it on; the guest does not run yet.
    case starting
    case running
    case paused
    /// The guest is shutting down.
    case stopping
    /// The guest or its emulator died, and the hypervisor kept what is left.
    case crashed
}
