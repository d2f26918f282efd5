import Lifecycle
import Tree

/// Machines that exist in the memory of this process alone. Latency and faults are those of the endpoint.
struct MemoryDriver: Driver {
    let endpoint: Endpoint
    let hypervisor: MemoryHypervisor

    func create(_ specification: Specification, keepDisks: Bool) async throws(DriverError) -> [String] {
        try await call(specification.id) { state throws(DriverError) in
            if let machine = state.machines[specification.id] {
                guard machine.isOurs else { throw error(.conflict, specification.id, Message.foreign) }
                let has = machine.specification.disks.map(\.name)
                guard Set(has) == Set(specification.disks.map(\.name)) else {
                    throw error(.conflict, specification.id, Message.otherDisks(has))
                }
                state.machines[specification.id]?.specification.build = specification.build
                return has
            }
            var specification = try sized(specification)
            let known = state.disks[specification.id] ?? []
            if let disk = specification.disks.first(where: { known.contains($0.name) }), !keepDisks {
                let message = Message.existing("\(specification.id)-\(disk.name)", pool: disk.pool.name)
                throw error(.conflict, specification.id, "disk \(disk.name): \(message)")
            }
            if state.machines.values.contains(where: { $0.specification.name == specification.name }) {
                specification.name += "~\(specification.id.description.prefix(8))"
            }
            state.disks[specification.id] = known.union(specification.disks.map(\.name))
            state.machines[specification.id] = MemoryHypervisor.Machine(specification: specification)
            return specification.disks.map(\.name).filter(known.contains)
        }
    }

    func check(_ specification: Specification, replacing disks: [Disk]) async throws(DriverError) {
        try await call(specification.id) { _ throws(DriverError) in _ = try sized(specification) }
    }

    func update(_ before: Specification, to after: Specification) async throws(DriverError) {
        try await call(after.id) { state throws(DriverError) in
            guard let machine = state.machines[after.id] else { throw missing(after.id) }
            guard machine.isOurs else { throw error(.conflict, after.id, Message.foreign) }
            state.machines[after.id]?.specification.change(from: before, to: after)
        }
    }

    func start(_ id: EntryID) async throws(DriverError) {
        try await change(id, "start", from: [.off, .running]) { $0 = .running }
    }

    func stop(_ id: EntryID, grace: Duration) async throws(DriverError) {
        try await change(id, "stop", from: Power.allCases) { $0 = .off }
    }

    func destroy(_ id: EntryID, disks: [Disk], keepDisks: Bool) async throws(DriverError) -> [String] {
        try await call(id) { state throws(DriverError) in
            if let machine = state.machines[id], !machine.isOurs, !disks.isEmpty {
                throw error(.conflict, id, Message.unmarked)
            }
            let machine = state.machines.removeValue(forKey: id)
            if !keepDisks { state.disks[id]?.subtract(disks.map(\.name)) }
            let left = state.disks[id] ?? []
            return (machine?.specification.disks ?? disks).filter { left.contains($0.name) }
                .map { "\($0.pool.name)/\(id)-\($0.name)" }
        }
    }

    func observe(_ id: EntryID) async throws(DriverError) -> Observation? {
        try await call(id) { state throws(DriverError) in state.machines[id].map(observation) }
    }

    func list() async throws(DriverError) -> [Observation] {
        try await call(nil) { state throws(DriverError) in state.machines.values.map(observation) }
            .sorted { $0.name < $1.name }
    }
}

extension MemoryDriver: Pausing, Resetting, Autostarting, Releasing, Imaging {
    func pause(_ id: EntryID) async throws(DriverError) {
        try await change(id, "pause", from: [.running, .paused]) { $0 = .paused }
    }

    func resume(_ id: EntryID) async throws(DriverError) {
        try await change(id, "resume", from: [.running, .paused]) { $0 = .running }
    }

    func reboot(_ id: EntryID) async throws(DriverError) {
        try await change(id, "reboot", from: [.running]) { _ in }
    }

    func reset(_ id: EntryID) async throws(DriverError) {
        try await change(id, "reset", from: [.running]) { _ in }
    }

    func setAutostart(_ isOn: Bool, of id: EntryID) async throws(DriverError) {
        try await call(id) { state throws(DriverError) in
            guard state.machines[id] != nil else { throw missing(id) }
            state.machines[id]?.autostart = isOn
        }
    }

    func release(_ id: EntryID) async throws(DriverError) {
        try await call(id) { state throws(DriverError) in
            guard state.machines[id] != nil else { throw missing(id) }
            state.machines[id]?.isOurs = false
        }
    }

    /// Any image is there that a definition names.
    func find(_ image: Image) async throws(DriverError) -> StoredImage {
        try await call(nil) { _ throws(DriverError) in StoredImage(path: image.place, capacity: image.size) }
    }
}

extension MemoryDriver {
    /// Waits as long as the endpoint says, fails as often as it says, then does `body` in one step.
    private func call<Answer: Sendable>(
        _ id: EntryID?, _ body: (inout MemoryHypervisor.State) throws(DriverError) -> Answer
    ) async throws(DriverError) -> Answer {
        if endpoint.latency > .zero {
            do {
                try await Task.sleep(for: endpoint.latency)
            } catch {
                throw self.error(.cancelled, id, "the call was given up")
            }
        }
        if endpoint.faults > 0, Double.random(in: 0..<1) < endpoint.faults {
            throw error(.failed, id, "this call failed because faults is \(endpoint.faults)")
        }
        return try hypervisor.with(id, body)
    }

    private func change(
        _ id: EntryID, _ verb: String, from: [Power], _ change: (inout Power) -> Void
    ) async throws(DriverError) {
        try await call(id) { state throws(DriverError) in
            guard var machine = state.machines[id] else { throw missing(id) }
            guard from.contains(machine.power) else {
                throw error(
                    .refused, id,
                    "cannot \(verb) while \(machine.power.rawValue)" + (machine.power == .paused ? "; resume it" : ""))
            }
            let wasOff = machine.power == .off
            change(&machine.power)
            if wasOff, machine.power != .off { machine.starts += 1 }
            state.machines[id] = machine
        }
    }

    private func sized(_ specification: Specification) throws(DriverError) -> Specification {
        var specification = specification
        for index in specification.disks.indices {
            specification.disks[index].size = try size(of: specification.disks[index], specification.id)
        }
        return specification
    }

    /// As large as its image says, if nothing else does.
    private func size(of disk: Disk, _ id: EntryID) throws(DriverError) -> Size? {
        guard let image = disk.origin.image, let content = image.size else { return disk.size }
        guard let size = disk.size else { return content }
        guard size >= content else {
            throw error(.refused, id, "disk \(disk.name): \(Message.tooSmall(size, image: image.name, content))")
        }
        return size
    }

    private func observation(_ machine: MemoryHypervisor.Machine) -> Observation {
        let specification = machine.specification
        return Observation(
            id: specification.id, name: specification.name, isOurs: machine.isOurs,
            build: machine.isOurs && specification.build > 0 ? specification.build : nil, power: machine.power,
            run: machine.power == .off ? nil : machine.starts,
            cpus: specification.cpus, memory: specification.memory,
            disks: specification.disks.map {
                Observation.Disk(
                    name: $0.name, place: "\($0.pool.name)/\(specification.id)-\($0.name)", capacity: $0.size)
            },
            nics: specification.nics.map { Observation.NIC(name: $0.name, mac: $0.mac, network: $0.network) },
            autostart: machine.autostart)
    }

    private func missing(_ id: EntryID) -> DriverError {
        error(.notFound, id, Message.noMachine)
    }

    private func error(_ kind: DriverError.Kind, _ id: EntryID?, _ message: String) -> DriverError {
        DriverError(kind, hypervisor: endpoint.name, machine: id, message)
    }
}
