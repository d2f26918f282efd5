import Access
import Lifecycle

extension Verb {
    /// What one needs at a machine to ask this of it.
    var rights: Rights {
        switch self {
        case .create: [.create]
        case .start, .resume, .reboot, .reset, .reconcile: [.start]
        case .stop, .poweroff, .pause: [.stop]
        case .destroy: [.destroy]
        // What is released goes on beyond the tree's reach, where only who is trusted gets it back.
        case .release: [.destroy, .trust]
        case .rebuild: [.create, .destroy]
        case .adopt: [.trust]
        }
    }
}
