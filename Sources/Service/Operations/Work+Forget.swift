import HashTreeCollections
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

extension Work {
    /// Does the verb if the hypervisor does it at once, and else forgets the machine: a hypervisor that is gone for good, or
    /// was never there, keeps nobody from going on.
    func forget(
        _ report: @Sendable (String) async -> Void, _ leave: @Sendable (String) async -> Void
    ) async throws(Setback) {
        let plan = try await attempt { () async throws(ServiceError) in try await begin() }
        guard let action = plan.actions.first else {
            return await report("nothing to do")
        }
        await report("\(action)")
        guard !Task.isCancelled else { throw .failed(.busy("the service ends")) }
        do throws(DriverError) {
            guard let endpoint = plan.endpoint else {
                throw DriverError(.notFound, hypervisor: "unknown", machine: id, "it is not known which one has the VM")
            }
            let work = self
            // What cannot be read of its disks keeps nobody from forgetting it.
            let takedown = try? await takedown(on: endpoint)
            let driver = hypervisors.driver(for: endpoint)
            let left = try await driver.within(Observer.patience, of: endpoint.name) { driver throws(DriverError) in
                try await work.act(action, driver, endpoint, takedown)
            }
            for place in left { await report("left: \(place)") }
        } catch {
            // Work that is cut off is taken up again.
            guard !Task.isCancelled else { throw .silent(Silence(action: nil, error: error)) }
            await report("\(error)")
            // One that answers says what it has by now.
            if !error.isTransient, let endpoint = plan.endpoint {
                _ = try? await look(hypervisors.driver(for: endpoint)) { _ in nil }
            }
            let id = id
            let left = try await attempt { () async throws(ServiceError) in
                try await writer.update(id) { _, record in
                    record.belongings(of: id, at: plan.path, on: plan.endpoint)
                }
            }
            await report("forgets it; left behind, if it is still there: \(left)")
            await leave(left)
        }
        try await attempt { () async throws(ServiceError) in try await take(.succeeded(action), report) }
    }
}

extension Record {
    /// What a hypervisor has of the machine, as far as is known: `hypervisor lab (qemu:///system): domain so.web, UUID 7d9…,
    /// disks default/7d9…-root.qcow2`.
    func belongings(of id: EntryID, at path: Path, on endpoint: Endpoint?) -> String {
        let name = observed?["domain"]?.string ?? Specification.name(for: path)
        let disks: [String] =
            if let known = observed?["disks"]?.map {
                known.map { name, disk in disk.map?["place"]?.string ?? name.text }
            } else {
                (applied?["disks"]?.map ?? [:]).keys.map { "\(id)-\($0)" }
            }
        let place = endpoint.map { "hypervisor \($0.name) (\($0.uri))" } ?? "an unknown hypervisor"
        return "\(place): domain \(name), UUID \(id), "
            + (disks.isEmpty ? "no disks" : "disks \(disks.joined(separator: ", "))")
    }
}
