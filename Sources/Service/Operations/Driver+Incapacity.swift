import Hypervisor
import Lifecycle
import Tree

extension Driver {
    /// Why it does not do a verb, and what it does.
    func incapacity(_ verb: Verb, _ machine: EntryID, of endpoint: Endpoint) -> DriverError {
        let verbs = Verb.allCases.filter(can).map(\.rawValue).joined(separator: ", ")
        return DriverError(
            .unsupported, hypervisor: endpoint.name, machine: machine,
            "its driver cannot \(verb.rawValue); it can \(verbs)")
    }
}
