import Access
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

/// The screens and serial lines of machines.
enum ConsoleRoutes {
    static let all: [ServiceRoute] = [
        .wait(
            .get, "/v1/tree/{path...}:console", .may([.console]),
            "how to get at the screen and the serial line of a running VM",
            [], console)
    ]

    /// How many seconds a hypervisor is given to answer.
    private static let patience = 10

    private static func console(_ call: Call) async throws(ServiceError) -> Response {
        let path = try call.path()
        guard let entry = call.snapshot.tree[path]?.entry else { throw .missing(path) }
        guard entry.kind == .vm else { throw .conflict(path, "\(path) is a folder; expected a machine") }
        let record = call.snapshot.record(of: entry)
        guard let applied = record.applied, record.machine.state != .provisioned else {
            throw .conflict(path, "\(path) has no VM, and so no console; create it and start it first")
        }
        let endpoint = try ServiceError.wrapping { () throws(SpecificationError) in
            try Endpoint(path: path, definition: applied)
        }
        let consoles: [Console]
        do throws(DriverError) {
            consoles = try await ask(call.parts.hypervisors.driver(for: endpoint), endpoint, entry.id)
        } catch {
            switch error.kind {
            case .refused, .unsupported, .notFound:
                throw .conflict(path, "\(path) has no console now: \(error.message)")
            default: throw .hypervisor(error)
            }
        }
        guard !consoles.isEmpty else {
            throw .conflict(path, "\(path): the VM has neither a screen nor a serial line that can be reached")
        }
        return call.answer(.map(ConsoleDocument(path, entry.id, endpoint, consoles).map))
    }

    private static func ask(
        _ driver: any Driver, _ endpoint: Endpoint, _ id: EntryID
    ) async throws(DriverError) -> [Console] {
        guard let consoling = driver as? any Consoling else {
            throw DriverError(
                .unsupported, hypervisor: endpoint.name, machine: id,
                "the driver \(endpoint.driver.rawValue) of the hypervisor \(endpoint.name) has none")
        }
        return try await driver.within(patience, of: endpoint.name) { _ throws(DriverError) in
            try await consoling.consoles(id)
        }
    }
}
