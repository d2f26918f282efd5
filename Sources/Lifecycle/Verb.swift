/// What a person or a program asks of a machine.
public enum Verb: String, Hashable, Sendable, CaseIterable {
    /// Makes the VM and its disks on the hypervisor.
    case create
    case start
    /// Asks the guest to shut down; forced when its time is over.
    case stop
    /// Cuts the power.
    case poweroff
    /// Asks the guest to restart.
    case reboot
    /// Restarts as the reset button does.
    case reset
    case pause
    case resume
    /// Removes the VM and its disks, running or not; the descriptor stays.
    case destroy
    /// Destroys and creates.
    case rebuild
    /// Asks the hypervisor and returns to the true state.
    case reconcile
    /// Takes over a VM that the hypervisor has already.
    case adopt
    /// Forgets the VM and leaves it on the hypervisor.
    case release
}
