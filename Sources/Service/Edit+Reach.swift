import Lifecycle
import OrderedCollections
import Store
import Tree

extension Edit {
    /// Refuses a hypervisor that the daemon may not open, unless it was written before the daemon's settings said so. What
    /// stands in a reference is known when it is opened, and refused then.
    func refuseUnreachable() throws(ServiceError) {
        var problems: [Problem] = []
        for case .set(let id, _, let path, let definition) in changes.values {
            let uris = definition.hypervisorURIs
            guard !uris.isEmpty else { continue }
            let known = before.tree[path]?.entry
            let old = Set((known?.id == id ? known?.definition.hypervisorURIs ?? [] : []).map(\.uri))
            for (key, uri) in uris where !old.contains(uri) {
                guard let objection = before.reach.objection(to: uri) else { continue }
                problems.append(Problem(path: path, key: key, objection))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension Map {
    /// The literal URIs of its hypervisors that libvirt is to open, and of those in its prototypes.
    fileprivate var hypervisorURIs: [(key: DottedPath, uri: String)] {
        var found: [(key: DottedPath, uri: String)] = []
        for (name, hypervisor) in self["hypervisors"]?.map ?? [:] {
            guard let uri = hypervisor.map?["uri"]?.string, hypervisor.map?["driver"] != "memory",
                // A layer that says the URI alone may be one of several on a hypervisor in memory.
                !uri.hasPrefix("memory:"), !uri.contains("${{")
            else { continue }
            found.append((["hypervisors", name, "uri"], uri))
        }
        for (name, prototype) in self["prototypes"]?.map ?? [:] {
            for (key, uri) in prototype.map?.hypervisorURIs ?? [] {
                found.append((DottedPath(keys: ["prototypes", name] + key.keys), uri))
            }
        }
        return found
    }
}
