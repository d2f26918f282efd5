import Cascade
import HashTreeCollections
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Tree

/// One verb done to one machine: the machine decides, the driver acts, and what came of it is kept before the next
/// step, however long the store has no room for it.
///
/// Every step can be repeated, so work that a crash or a silent hypervisor cut off is simply done again.
struct Work: Sendable {
    let order: Order
    let id: EntryID
    /// The operation that it is done for.
    let number: Int
    /// Which VM of the descriptor it was accepted for; the one that it makes is the next.
    let build: Int
    /// Whether the work was begun before, and cut off.
    let isRepeated: Bool
    let writer: Writer
    let hypervisors: Connections
    /// How long a guest is given to shut down.
    let grace: Duration

    /// What a machine has to do, and who does it.
    struct Plan: Sendable {
        let path: Path
        let actions: [Action]
        let endpoint: Endpoint?
        /// What is wanted of the machine, where the verb leads away from that.
        let overridden: Wanted?
        /// The machine before it was asked.
        let before: Record
    }

    /// Does the work.
    ///
    /// - Parameters:
    ///   - report: hears of each step.
    ///   - leave: hears what is left behind on a hypervisor, before the machine is forgotten.
    func run(
        _ report: @Sendable (String) async -> Void, leaving leave: @Sendable (String) async -> Void
    ) async throws(Setback) {
        if order.forgets { try await forget(report, leave) } else { try await perform(report) }
    }

    private func perform(_ report: @Sendable (String) async -> Void) async throws(Setback) {
        let plan = try await attempt { () async throws(ServiceError) in try await begin() }
        if let wanted = plan.overridden, wanted.isKept {
            await report(
                "wanted: \(wanted.state.rawValue) is kept, and not restored now until a verb leads back to it, or reconcile"
            )
        }
        guard !plan.actions.isEmpty else {
            if try await adaptLive(plan, report) { return }
            await report("nothing to do")
            // What was cut off may have been done, and not been looked at.
            if isRepeated, let endpoint = plan.endpoint { await keepObservation(endpoint, report) }
            return
        }
        // Before anything is taken away it is certain that something can take its place.
        if plan.actions.contains(.destroy), plan.actions.contains(.create) {
            await report("check")
            try await attempt { () async throws(ServiceError) in try await check(plan) }
        }
        for action in plan.actions {
            await report("\(action)")
            // The service ends, and the step may not be in the store: nothing is done that it does not know of.
            guard !Task.isCancelled else { throw .failed(.busy("the service ends")) }
            let endpoint: Endpoint
            do throws(Setback) {
                endpoint = try await attempt(action) { () async throws(ServiceError) in
                    try await perform(action, plan, report)
                }
            } catch {
                // Work that is cut off is no failure: it is taken up again.
                if case .failed(let cause) = error, !Task.isCancelled, await !isUntouched(action, plan, cause) {
                    try await attempt { () async throws(ServiceError) in
                        try await take(.failed(action, reason: cause.document.detail), report)
                    }
                }
                throw error
            }
            if action.leavesMachine { await keepObservation(endpoint, report, after: action) }
        }
        guard order.verb == .reconcile else {
            _ = try await adaptLive(plan, report)
            return
        }
        try await attempt { () async throws(ServiceError) in try await putRight(plan, report) }
        try await restoreWanted(report)
    }

    /// Whether an action was refused before anything was done, and the machine is there: that is no failure of it, and what
    /// it does is asked and recorded. One that is still off has failed to start.
    private func isUntouched(_ action: Action, _ plan: Plan, _ cause: ServiceError) async -> Bool {
        guard action != .create, let endpoint = plan.endpoint, case .hypervisor(let error) = cause,
            [.conflict, .refused, .unsupported].contains(error.kind)
        else { return false }
        let isStart = [.start, .update].contains(action)
        do {
            let power = try await look(hypervisors.driver(for: endpoint)) { power in
                isStart && power == .off ? nil : power.map { .found($0) }
            }
            return power != nil && !(isStart && power == .off)
        } catch {
            return false
        }
    }

    /// Records that what a hypervisor left unanswered is not tried again.
    func giveUp(_ silence: Silence, _ reason: String) async {
        guard let action = silence.action else { return }
        // A descriptor that is gone has nothing to record.
        try? await take(.failed(action, reason: reason)) { _ in }
    }

    /// Asks how the machine is, of which nothing is done any more; a hypervisor that does not answer is not waited for.
    func seeOnce() async {
        let id = id
        let endpoint = try? await writer.update(id) { snapshot, record throws(ServiceError) in
            snapshot.endpoint(of: record, in: snapshot.entry(id)?.path.parent ?? .root)
        }
        guard let endpoint else { return }
        _ = try? await look(hypervisors.driver(for: endpoint)) { power in power.map { .found($0) } }
    }

    /// Tells a hypervisor that does not answer from one that says no.
    func attempt<Result>(
        _ action: Action? = nil, _ body: () async throws(ServiceError) -> Result
    ) async throws(Setback) -> Result {
        do throws(ServiceError) {
            return try await body()
        } catch {
            guard case .hypervisor(let cause) = error, cause.isTransient else { throw .failed(error) }
            throw .silent(Silence(action: action, error: cause))
        }
    }

    /// What is left of the verb: a rebuild that was cut off after it had destroyed the machine has only to create it, and
    /// nothing to do to one that it has made already.
    private func verb(for record: Record) -> Verb {
        guard order.verb == .rebuild, isRepeated else { return order.verb }
        return record.machine.state == .provisioned || record.build > build ? .create : .rebuild
    }

    /// Asks the machine; what it refuses changes nothing.
    func begin() async throws(ServiceError) -> Plan {
        let (order, id) = (order, id)
        return try await writer.update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else {
                throw .notFound("the descriptor was deleted meanwhile")
            }
            let before = record
            var machine = record.machine
            var actions: [Action]
            do throws(Refusal) {
                actions = try machine.on(.asked(verb(for: record)))
            } catch {
                throw .refused(entry.path, error)
            }
            if actions.contains(.start) || actions.contains(.destroy) { try snapshot.refuseUseAsImage(entry) }
            if !record.isOnHypervisor, machine.state == .failed {
                // A creation was refused, and has left nothing.
                actions.removeAll { $0 == .destroy || $0 == .observe }
                if actions.isEmpty { machine = Machine() }
            }
            record.machine = machine
            if !actions.isEmpty { record.operation = number }
            if try adapts(record, entry, snapshot, actions) { actions.insert(.update, at: 0) }
            // Of what was never made there is nothing to ask.
            if order.verb == .reconcile, record.applied == nil { actions = [] }
            if actions.contains(.create) {
                let definition = try snapshot.definition(of: entry)
                // What there is to destroy first is where it was made, not where it will be.
                if record.applied == nil { record.applied = Record.applicable(definition) }
            }
            let folder = entry.path.parent ?? .root
            let endpoint = record.applied == nil ? nil : snapshot.endpoint(of: record, in: folder)
            let overridden =
                order.restoresWanted
                ? nil
                : snapshot.wanted(of: entry).flatMap { wanted in
                    wanted.isOverridden(by: order.verb) ? wanted : nil
                }
            if !order.restoresWanted { record.held = overridden?.state }
            return Plan(path: entry.path, actions: actions, endpoint: endpoint, overridden: overridden, before: before)
        }
    }

    /// Whether a start first has to write what the machine runs with.
    private func adapts(
        _ record: Record, _ entry: Entry, _ snapshot: Snapshot, _ actions: [Action]
    ) throws(ServiceError) -> Bool {
        guard order.verb == .start, !order.keeps, !record.isAdopted, actions.contains(.start),
            let computed = snapshot.compute(entry),
            computed.problems.isEmpty
        else { return false }
        return record.restarted(computed.definition) != record.applied
    }

    /// - Returns: the hypervisor that did it.
    private func perform(
        _ action: Action, _ plan: Plan, _ report: @Sendable (String) async -> Void
    ) async throws(ServiceError) -> Endpoint {
        let endpoint: Endpoint
        if action == .create {
            endpoint = try await create(plan, report)
        } else if action == .update {
            endpoint = try await update()
        } else if let known = plan.endpoint {
            endpoint = known
            let driver = hypervisors.driver(for: endpoint)
            if action == .observe {
                try await look(driver, Event.found)
                return endpoint
            }
            let takedown = action == .destroy ? try await takedown(on: endpoint) : nil
            let left = try await ServiceError.wrapping { () async throws(DriverError) in
                try await act(action, driver, endpoint, takedown)
            }
            for place in left { await report("left: \(place)") }
        } else {
            throw .conflict(
                plan.path, "\(plan.path): it is not known which hypervisor has the machine; create it first")
        }
        try await take(.succeeded(action), report)
        return endpoint
    }

    /// Whether the machine may be taken away, and another one be made in its place.
    private func check(_ plan: Plan) async throws(ServiceError) {
        let id = id
        let specification = try await writer.update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else { throw .notFound("the descriptor was deleted meanwhile") }
            // Nothing is applied yet.
            var copy = record
            return try snapshot.specification(of: entry, &copy)
        }
        let driver = hypervisors.driver(for: specification.endpoint)
        let takedown = try await takedown(on: plan.endpoint)
        if let endpoint = plan.endpoint {
            let driver = hypervisors.driver(for: endpoint)
            try await ServiceError.wrapping { () async throws(DriverError) in
                _ = try await takedown.disks(driver, hypervisors, keepDisks: order.keepsDisks)
            }
        }
        try await ServiceError.wrapping { () async throws(DriverError) in
            try await driver.check(specification, replacing: takedown.disks)
        }
    }

    private func create(
        _ plan: Plan, _ report: @Sendable (String) async -> Void
    ) async throws(ServiceError) -> Endpoint {
        let isAnew = plan.actions.contains(.destroy)
        // Whose VM vanished may have it elsewhere, with the disks that a new one would take up.
        let takedown = order.keepsDisks && !isAnew && plan.before.wasMade ? try await takedown(on: plan.endpoint) : nil
        let specification = try await writer.specification(of: id, build: build + 1)
        let driver = hypervisors.driver(for: specification.endpoint)
        let taken: [String]
        do throws(DriverError) {
            try await takedown?.refuseElsewhere(hypervisors)
            taken = try await driver.create(specification, keepDisks: order.keepsDisks)
        } catch {
            // It leaves nothing behind, so the machine is what it was; if that is not certain, the hypervisor may have it.
            if !error.isTransient {
                let before = isAnew ? Record() : plan.before
                try await writer.update(id) { _, record throws(ServiceError) in
                    record.machine = before.machine
                    record.applied = before.machine.state == .provisioned ? nil : before.applied
                }
            }
            throw .hypervisor(error)
        }
        if order.keepsDisks {
            for disk in specification.disks {
                await report("disk \(disk.name): \(taken.contains(disk.name) ? "taken up as it was" : "made")")
            }
        }
        let applied = try await writer.update(id) { _, record throws(ServiceError) in record.applied?["autostart"]?.bool
        }
        if let applied { try await setAutostart(applied, specification.endpoint) }
        return specification.endpoint
    }

    /// Writes the keys that are pending, and records them as applied when that is done: were it cut off, they would still be
    /// pending.
    private func update() async throws(ServiceError) -> Endpoint {
        let id = id
        let change = try await writer.update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else { throw .notFound("the descriptor was deleted meanwhile") }
            return try snapshot.update(of: entry, &record)
        }
        try await write(from: change.before, to: change.after)
        try await writer.update(id) { _, record throws(ServiceError) in record.applied = change.applied }
        return change.after.endpoint
    }

    func write(from before: Specification, to after: Specification) async throws(ServiceError) {
        let driver = hypervisors.driver(for: after.endpoint)
        try await ServiceError.wrapping { () async throws(DriverError) in try await driver.update(before, to: after) }
    }

    /// What a destroy may take away.
    func takedown(on endpoint: Endpoint?) async throws(ServiceError) -> Takedown {
        let (id, isRepeated) = (id, isRepeated)
        return try await writer.update(id) { snapshot, record throws(ServiceError) in
            try Takedown(of: id, record, snapshot, on: endpoint, isRepeated: isRepeated)
        }
    }

    /// Keeps what became of the machine. The action was done, whatever comes of asking: the next look will tell. What was
    /// created may have been there, and on.
    func keepObservation(
        _ endpoint: Endpoint, _ report: @Sendable (String) async -> Void, after action: Action? = nil
    ) async {
        do {
            try await look(hypervisors.driver(for: endpoint)) { power in
                action == .create ? power.map(Event.observed) : nil
            }
        } catch {
            await report("done, but how the machine is now is not known: \(error.document.detail)")
        }
    }

    /// Has an action done by a driver.
    /// - Returns: the places of the disks that a destroyed machine has left.
    func act(
        _ action: Action, _ driver: any Driver, _ endpoint: Endpoint, _ takedown: Takedown?
    ) async throws(DriverError) -> [String] {
        switch action {
        case .create, .update, .observe:
            break
        case .destroy:
            let disks = try await takedown?.disks(driver, hypervisors, keepDisks: order.keepsDisks) ?? []
            return try await driver.destroy(id, disks: disks, keepDisks: order.keepsDisks)
        case .start:
            try await driver.start(id)
        case .stop(.orderly):
            try await driver.stop(id, grace: grace)
        case .stop(.forced):
            try await driver.stop(id, grace: .zero)
        case .pause:
            try await capable(driver as? any Pausing, driver, endpoint).pause(id)
        case .resume:
            try await capable(driver as? any Pausing, driver, endpoint).resume(id)
        case .reboot:
            try await capable(driver as? any Resetting, driver, endpoint).reboot(id)
        case .reset:
            try await capable(driver as? any Resetting, driver, endpoint).reset(id)
        case .release:
            try await capable(driver as? any Releasing, driver, endpoint).release(id)
        }
        return []
    }

    private func capable<Capability>(
        _ capability: Capability?, _ driver: any Driver, _ endpoint: Endpoint
    ) throws(DriverError) -> Capability {
        guard let capability else { throw driver.incapacity(order.verb, id, of: endpoint) }
        return capability
    }

    /// Keeps what the hypervisor says of the machine.
    /// - Returns: whether it runs; nil: the hypervisor does not have it.
    @discardableResult
    func look(
        _ driver: any Driver, _ event: @escaping @Sendable (Power?) -> Event?
    ) async throws(ServiceError) -> Power? {
        let id = id
        let observation = try await ServiceError.wrapping { () async throws(DriverError) in try await driver.observe(id)
        }
        return try await writer.update(id) { _, record throws(ServiceError) in
            let own = observation.flatMap { record.owns($0) ? $0 : nil }
            record.observed = own?.map
            record.silence = nil
            if let event = event(own?.power) {
                let isDisowned = own == nil && observation != nil && record.machine.state != .failed
                record.tell(isDisowned ? .disowned : event)
            }
            return own?.power
        }
    }

    /// Records what came of an action, for as long as that takes: nobody else knows it.
    func take(_ event: Event, _ report: @Sendable (String) async -> Void) async throws(ServiceError) {
        var failures = 0
        while true {
            do throws(ServiceError) {
                return try await writer.update(id) { _, record throws(ServiceError) in record.tell(event) }
            } catch {
                guard case .store(let cause) = error, cause.reason.isTransient, !Task.isCancelled else { throw error }
                failures += 1
                if failures == 1 {
                    await report("\(cause.waiting); what came of this is recorded as soon as it can be")
                }
                try? await Task.sleep(for: Work.recordingPatience.growing(failures))
            }
        }
    }

    private static let recordingPatience = Patience(firstPause: .milliseconds(100), longestPause: .seconds(5))
}

extension Action {
    /// Whether there is a machine to look at when the action is done.
    fileprivate var leavesMachine: Bool {
        switch self {
        case .create, .update, .start, .stop, .reboot, .reset, .pause, .resume: true
        case .destroy, .release, .observe: false
        }
    }
}

extension Record {
    /// Tells the machine what happened. Reports and news are never refused.
    mutating func tell(_ event: Event) {
        _ = try? machine.on(event)
        if machine.state == .provisioned || machine.failure?.isGone == true {
            observed = nil
            if machine.state == .provisioned {
                applied = nil
                silence = nil
                isAdopted = false
                held = nil
            }
        }
    }
}

extension ServiceError {
    static func wrapping<Result>(_ call: () throws(SpecificationError) -> Result) throws(ServiceError) -> Result {
        do {
            return try call()
        } catch {
            throw .invalid(error.problems)
        }
    }

    static func wrapping<Result>(_ call: () async throws(DriverError) -> Result) async throws(ServiceError) -> Result {
        do {
            return try await call()
        } catch {
            throw .hypervisor(error)
        }
    }
}
