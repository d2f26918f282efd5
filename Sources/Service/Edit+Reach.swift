import Lifecycle
import OrderedCollections
import Store
import Tree

extension Edit {
    /// Refuses a hypervisor that the daemon may not open, unless it was written before the daemon's settings said so. What
    /// stands in a reference is known when it is opened, and refused then.
    func refuseUnreachable() throws(ServiceError) {
        var problems: [Problem] = []
        for (path, new) in newTexts(\.hypervisorURIs) {
            for (key, uri) in new {
                guard let objection = before.reach.objection(to: uri) else { continue }
                problems.append(Problem(path: path, key: key, objection))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension Map {
    /// The literal URIs of its hypervisors that libvirt is to open, and of those in its prototypes.
    fileprivate var hypervisorURIs: [(key: DottedPath, text: String)] {
        literals("uri", of: "hypervisors") { hypervisor in
            // A layer that says the URI alone may be one of several on a hypervisor in memory.
            hypervisor["driver"] != "memory" && hypervisor["uri"]?.string?.hasPrefix("memory:") != true
        }
    }
}
