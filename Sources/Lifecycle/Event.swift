/// What a machine is told.
public enum Event: Hashable, Sendable {
    /// Somebody wants something done.
    case asked(Verb)
    /// An action was done.
    case succeeded(Action)
    /// An action was not done; the reason is what the driver said.
    case failed(Action, reason: String)
    /// The answer to `Action.observe`; nil: the hypervisor has no such VM.
    case found(Power?)
    /// News that nobody asked for, from an event of the hypervisor or from looking at all its VMs.
    case observed(Power)
    /// News that nobody asked for: the hypervisor no longer has the VM.
    case vanished
    /// News that nobody asked for: the hypervisor has a VM of that UUID, which does not bear our mark.
    case disowned
}
