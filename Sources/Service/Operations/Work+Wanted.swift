import Cascade
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

extension Work {
    /// Does what the definition wants, after the machine was asked how it is.
    func restoreWanted(_ report: @Sendable (String) async -> Void) async throws(Setback) {
        let remedy = try await attempt { () async throws(ServiceError) in
            try await writer.update(id) { snapshot, record throws(ServiceError) -> (wanted: Wanted, verb: Verb)? in
                guard let wanted = snapshot.entry(id).flatMap(snapshot.wanted),
                    let verb = wanted.remedy(for: record.machine)
                else { return nil }
                return (wanted, verb)
            }
        }
        guard let remedy else { return }
        await report("wanted: \(remedy.wanted.state.rawValue)")
        let order = Order(verb: remedy.verb, keeps: true, restoresWanted: true)
        let work = Work(
            order: order, id: id, number: number, build: build, isRepeated: false, writer: writer,
            hypervisors: hypervisors, grace: grace)
        try await work.run(report) { _ in }
    }

    /// Of what a start writes that which needs no standstill: so it is written to a machine that runs, too, and where
    /// somebody has changed it on the hypervisor.
    ///
    /// - Returns: whether there was something to write.
    func adaptLive(_ plan: Plan, _ report: @Sendable (String) async -> Void) async throws(Setback) -> Bool {
        guard order.verb == .start, !order.keeps, let endpoint = plan.endpoint else { return false }
        return try await attempt { () async throws(ServiceError) in
            let change = try await writer.update(id) { snapshot, record throws(ServiceError) -> Bool? in
                guard record.applied != nil, let entry = snapshot.entry(id), let computed = snapshot.compute(entry),
                    computed.problems.isEmpty
                else { return nil }
                let isOn = computed.definition["autostart"]?.bool
                record.applied?["autostart"] = isOn.map(Value.bool)
                return isOn == record.observed?["autostart"]?.bool ? nil : isOn
            }
            guard let change else { return false }
            await report("autostart: \(change)")
            try await setAutostart(change, endpoint)
            await keepObservation(endpoint, report)
            return true
        }
    }

    func setAutostart(_ isOn: Bool, _ endpoint: Endpoint) async throws(ServiceError) {
        let driver = hypervisors.driver(for: endpoint)
        try await ServiceError.wrapping { () async throws(DriverError) in
            guard let driver = driver as? any Autostarting else {
                throw DriverError(
                    .unsupported, hypervisor: endpoint.name, machine: id,
                    "its driver cannot start machines with the host; remove autostart from the definition")
            }
            try await driver.setAutostart(isOn, of: id)
        }
    }
}

extension Snapshot {
    /// What is wanted of a descriptor's machine; nil if nothing is, or its definition is broken.
    func wanted(of entry: Entry) -> Wanted? {
        guard let computed = compute(entry), computed.problems.isEmpty else { return nil }
        return Wanted(definition: computed.definition)
    }
}
