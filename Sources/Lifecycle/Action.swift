/// What the machine wants done on the hypervisor. Every action can be repeated safely.
public enum Action: Hashable, Sendable {
    /// Makes the VM and its disks.
    case create
    /// Writes what the VM is to run with by now.
    case update
    case start
    case stop(Stop)
    case reboot
    case reset
    case pause
    case resume
    case destroy
    /// Answered by `Event.found`.
    case observe
    /// Takes our mark from the VM and leaves it as it is.
    case release

    /// How a machine is brought to a stop.
    public enum Stop: String, Hashable, Sendable, CaseIterable {
        /// The guest is asked, and forced when its time is over.
        case orderly
        /// The power is cut.
        case forced
    }
}

extension Action: CaseIterable {
    public static var allCases: [Action] {
        [.create, .update, .start] + Stop.allCases.map(Action.stop)
            + [.reboot, .reset, .pause, .resume, .destroy, .observe, .release]
    }
}

extension Action: CustomStringConvertible {
    public var description: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .start: "start"
        case .stop(let how): "stop (\(how.rawValue))"
        case .reboot: "reboot"
        case .reset: "reset"
        case .pause: "pause"
        case .resume: "resume"
        case .destroy: "destroy"
        case .observe: "observe"
        case .release: "release"
        }
    }
}
