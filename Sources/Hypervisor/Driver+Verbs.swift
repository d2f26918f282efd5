public import Lifecycle

extension Driver {
    /// Whether it has what a verb needs.
    public func can(_ verb: Verb) -> Bool {
        switch verb {
        case .create, .start, .stop, .poweroff, .destroy, .rebuild, .reconcile, .adopt: true
        case .pause, .resume: self is any Pausing
        case .reboot, .reset: self is any Resetting
        case .release: self is any Releasing
        }
    }
}
