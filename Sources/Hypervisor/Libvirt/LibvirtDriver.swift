import Foundation
import Lifecycle
import Logging
import Tree

/// Machines as domains of libvirt, their disks as volumes of its storage pools.
struct LibvirtDriver: Driver {
    let endpoint: Endpoint
    let hypervisor: LibvirtHypervisor

    func create(_ specification: Specification, keepDisks: Bool) async throws(DriverError) -> [String] {
        defer { hypervisor.reservations.release(specification.id) }
        // It has to answer in time, but may copy images for as long as that takes.
        try await hypervisor.call(endpoint, specification.id) { _ throws(LibvirtError) in }
        return try await hypervisor.call(endpoint, specification.id, deadline: nil) { connection throws(LibvirtError) in
            try Creator(specification: specification, keepDisks: keepDisks, connection: connection).create()
        }
    }

    func check(_ specification: Specification, replacing disks: [Disk]) async throws(DriverError) {
        try await hypervisor.call(endpoint, specification.id) { connection throws(LibvirtError) in
            try Checker(specification: specification, replaced: disks, connection: connection).check()
        }
    }

    func update(_ before: Specification, to after: Specification) async throws(DriverError) {
        try await hypervisor.call(endpoint, after.id) { connection throws(LibvirtError) in
            try Updater(before: before, after: after, connection: connection).update()
        }
    }

    func start(_ id: EntryID) async throws(DriverError) {
        try await with(id) { connection, domain throws(LibvirtError) in
            switch try Self.settledPower(of: domain) {
            case .running, .stopping: return
            case .starting: throw LibvirtError(.timeout, "the hypervisor is still starting it")
            case .paused: throw LibvirtError(.refused, "cannot start while paused; resume it")
            case .crashed: try domain.cut()
            case .off: break
            }
            let domain = try Emulation.inAdvance(for: domain, connection) ?? domain
            do throws(LibvirtError) {
                try domain.start()
            } catch {
                // Somebody else may have been faster.
                if try Self.settledPower(of: domain) == .running { return }
                guard let emulated = try Emulation.instead(of: domain, after: error, connection) else {
                    throw error.naming(lostDisksOf: try .parse(try domain.xml()))
                }
                hypervisor.logger.warning(
                    "KVM does not work on \(endpoint.uri), VMs made there are emulated in software: \(error.message)")
                try Emulation.start(emulated)
            }
        }
    }

    /// How a machine is that is not being started, or has been for so long. It is by a call of ours that was cut off and is
    /// still being done, or by somebody else.
    private static func settledPower(of domain: Domain) throws(LibvirtError) -> Power {
        let end = ContinuousClock.now + .seconds(60)
        var power = try domain.power()
        while power == .starting, ContinuousClock.now < end {
            Thread.sleep(forTimeInterval: 0.1)
            power = try domain.power()
        }
        return power
    }

    func destroy(_ id: EntryID, disks: [Disk], keepDisks: Bool) async throws(DriverError) -> [String] {
        do throws(DriverError) {
            return try await hypervisor.call(endpoint, id) { connection throws(LibvirtError) in
                try Destroyer(id: id, disks: disks, keepDisks: keepDisks, connection: connection).destroy()
            }
        } catch {
            // None is made in its place.
            hypervisor.reservations.release(id)
            throw error
        }
    }

    func observe(_ id: EntryID) async throws(DriverError) -> Observation? {
        try await hypervisor.call(endpoint, id) { connection throws(LibvirtError) in
            guard let domain = try connection.domain(id) else { return nil }
            var observation = try Observer(connection: connection).closely(domain)
            observation?.autostart = try? domain.autostart()
            return observation
        }
    }

    func list() async throws(DriverError) -> [Observation] {
        try await hypervisor.call(endpoint, nil) { connection throws(LibvirtError) in
            let observer = Observer(connection: connection, capacities: (try? connection.capacities()) ?? [:])
            let autostarting = try? connection.autostarting()
            var found: [Observation] = []
            for domain in try connection.domains() {
                // One that has gone since is not listed.
                let seen = try lookup { () throws(LibvirtError) in try observer.roughly(domain) }
                guard var observation = seen ?? nil else { continue }
                observation.autostart = autostarting?.contains(observation.id)
                found.append(observation)
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
