import Hypervisor
import Lifecycle

/// Why work did not come to its end.
enum Setback: Error {
    /// It cannot be done; what came of that is recorded.
    case failed(ServiceError)
    /// The hypervisor did not answer. Nothing is recorded: the same may be tried again.
    case silent(Silence)
}

/// What a hypervisor left unanswered.
struct Silence: Sendable {
    /// What it was asked to do to the machine; nil: it was only asked how the machine is.
    let action: Action?
    let error: DriverError
}
