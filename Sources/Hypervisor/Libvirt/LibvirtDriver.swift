import Lifecycle
import Logging
import Tree

/// Machines as domains of libvirt, their disks as volumes of its storage pools.
struct LibvirtDriver: Driver {
    let endpoint: Endpoint
    let hypervisor: LibvirtHypervisor

    func define(_ specification: Specification) async throws(DriverError) {
        // It has to answer in time, but may copy images for as long as that takes.
        try await hypervisor.call(endpoint, specification.id) { _ throws(LibvirtError) in }
        try await hypervisor.call(endpoint, specification.id, deadline: nil) { connection throws(LibvirtError) in
            try Definer(specification: specification, connection: connection).define()
        }
    }

    func start(_ id: EntryID) async throws(DriverError) {
        try await with(id) { connection, domain throws(LibvirtError) in
            switch try domain.power() {
            case .running, .stopping: return
            case .paused: throw LibvirtError(.refused, "cannot start while paused; resume it")
            case .crashed where try domain.isActive(): try domain.cut()
            case .crashed, .off: break
            }
            let domain = try Emulation.inAdvance(for: domain, connection) ?? domain
            do throws(LibvirtError) {
                try domain.start()
            } catch {
                guard let emulated = try Emulation.instead(of: domain, after: error, connection) else { throw error }
                hypervisor.logger.warning(
                    "KVM does not work on a hypervisor: its VMs are emulated in software",
                    metadata: ["hypervisor": "\(endpoint.name)", "reason": "\(error.message)"])
                try Emulation.start(emulated)
            }
        }
    }

    func destroy(_ id: EntryID) async throws(DriverError) {
        try await hypervisor.call(endpoint, id) { connection throws(LibvirtError) in
            guard let domain = try connection.domain(id) else {
                return try Storage(connection: connection).deleteLeftovers(of: id)
            }
            let mark = Mark(domain: try .parse(try domain.xml()))
            if try domain.isActive() { try domain.cut() }
            // The volumes first: should it end between, the domain still tells which they are.
            for disk in mark?.disks ?? [] {
                try connection.pool(named: disk.pool)?.volume(named: disk.volume)?.delete()
            }
            try domain.undefine()
        }
    }

    func observe(_ id: EntryID) async throws(DriverError) -> Observation? {
        try await hypervisor.call(endpoint, id) { connection throws(LibvirtError) in
            guard let domain = try connection.domain(id) else { return nil }
            return try Observer(connection: connection).closely(domain)
        }
    }

    func list() async throws(DriverError) -> [Observation] {
        try await hypervisor.call(endpoint, nil) { connection throws(LibvirtError) in
            let observer = Observer(connection: connection, capacities: (try? connection.capacities()) ?? [:])
            var found: [Observation] = []
            for domain in try connection.domains() {
                // One that has gone since is not listed.
                let observation = try lookup { () throws(LibvirtError) in try observer.roughly(domain) }
                if let observation = observation ?? nil { found.append(observation) }
            }
            return found.sorted { $0.name < $1.name }
        }
    }

    /// Does `body` with the machine, which must be there.
    func with<Answer: Sendable>(
        _ id: EntryID, _ body: @escaping @Sendable (ConnectionHandle, Domain) throws(LibvirtError) -> Answer
    ) async throws(DriverError) -> Answer {
        try await hypervisor.call(endpoint, id) { connection throws(LibvirtError) in
            guard let domain = try connection.domain(id) else {
                throw LibvirtError(.notFound, Message.noMachine)
            }
            return try body(connection, domain)
        }
    }
}
