import Lifecycle
import Tree

extension Disk {
    /// The name of the volume that is made for it, which says whose it is.
    func volume(of machine: EntryID) -> String { "\(machine)-\(name).\(format.rawValue)" }
}
