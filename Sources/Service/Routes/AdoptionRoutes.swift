import Access
import HTTP
import HashTreeCollections
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

/// VMs that hypervisors have and no descriptor owns.
enum AdoptionRoutes {
    static let all: [ServiceRoute] = [
        .wait(
            .get, "/v1/unmanaged", .known,
            "the VMs that no descriptor owns, on the hypervisors that the caller is trusted with", [], unmanaged),
        .write(
            .post, "/v1/tree/{path...}:adopt", .puts,
            "take over a VM that a hypervisor has: write its descriptor",
            [.message], adopt),
    ]

    /// How many seconds a hypervisor is given to answer.
    private static let patience = 10

    private static func unmanaged(_ call: Call) async throws(ServiceError) -> Response {
        let (snapshot, hypervisors) = (call.snapshot, call.parts.hypervisors)
        let lists = await withTaskGroup { group in
            let sites = snapshot.hypervisors.filter { call.may(.trust, at: $0.folder) }
            for (index, site) in sites.enumerated() {
                group.addTask {
                    let name = site.endpoint.name
                    do throws(DriverError) {
                        let found = try await hypervisors.driver(for: site.endpoint)
                            .within(patience, of: name) { driver throws(DriverError) in try await driver.list() }
                        return (index, site, Result<[Observation], DriverError>.success(found))
                    } catch {
                        return (index, site, .failure(error))
                    }
                }
            }
            var lists: [(Int, Snapshot.Site, Result<[Observation], DriverError>)] = []
            for await list in group { lists.append(list) }
            return lists.sorted { $0.0 < $1.0 }
        }
        var machines: [Value] = []
        var unreachable: [Value] = []
        for (_, site, list) in lists {
            let place: Map = ["hypervisor": .string(site.endpoint.name), "folder": .string("\(site.folder)")]
            switch list {
            case .success(let found):
                for machine in found where !snapshot.hasDescriptor(for: machine, on: site.endpoint) {
                    machines.append(.map(place.merging(machine.map) { _, new in new }))
                }
            case .failure(let error):
                unreachable.append(.map(place.merging(["reason": .string(error.message)]) { _, new in new }))
            }
        }
        return call.answer(["machines": .list(machines), "unreachable": .list(unreachable)])
    }

    private static func adopt(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let path = try call.path()
        try call.standing.asIfFree(path).require([.edit, .trust], at: path)
        let (name, id) = try request(body)
        try call.see(path)
        guard let folder = path.parent else { throw .conflict(path, "the root is a folder; expected a free path") }
        let endpoint = try ServiceError.wrapping { () throws(SpecificationError) in
            try call.snapshot.endpoint(named: name, at: folder)
        }
        // Who is trusted with the hypervisor is trusted with what is on it.
        guard call.may(.trust, at: call.snapshot.folder(naming: name, for: folder) ?? .root) else {
            throw .forbidden(
                "to adopt what hypervisor \(name) has, \(call.principal.name) needs the right \"trust\" where it is "
                    + "defined")
        }
        let driver = call.parts.hypervisors.driver(for: endpoint)
        let found = try await ServiceError.wrapping { () async throws(DriverError) in
            try await driver.within(patience, of: name) { driver throws(DriverError) in try await driver.observe(id) }
        }
        guard let found else { throw .notFound("hypervisor \(name) has no VM \(id); see /v1/unmanaged") }
        let definition = found.definition(on: name, networks: call.snapshot.supply("networks", at: folder))
        let condition = Precondition(call.head)
        _ = try await call.parts.writer.write(call.author) { before, edit throws(ServiceError) in
            try condition.check(.entry(path), before, call.standing)
            try before.refuseAdoption(of: id, at: path, call.standing)
            let known = before.tree[path]?.entry.definition.withoutHardware ?? [:]
            try edit.put(path, .vm, known.merging(definition) { $1 }, id: id)
        }
        try await call.parts.writer.update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else { throw .missing(path) }
            record.adopt(found, definition, try snapshot.definition(of: entry))
        }
        let snapshot = call.parts.current.snapshot
        guard let node = snapshot.tree[path] else { throw .missing(path) }
        return call.at(snapshot).answer(.map(EntryDocument(node, snapshot, call.standing).map), status: 201)
    }

    private static func request(_ body: Value) throws(ServiceError) -> (String, EntryID) {
        var members = try Members(body, "the body")
        let hypervisor = try members.string("hypervisor")
        let text = try members.string("uuid")
        try members.end()
        guard let hypervisor, let text else {
            throw .badRequest("expected {\"hypervisor\": \"name\", \"uuid\": \"…\"}, as /v1/unmanaged lists them")
        }
        guard let id = EntryID(text) else { throw .badRequest("uuid: \"\(text)\" is no UUID") }
        return (hypervisor, id)
    }
}

extension Map {
    /// What a definition says beside what a VM is made of and runs with.
    fileprivate var withoutHardware: Map {
        filter { key, _ in
            switch Schema.classes[key] {
            case .creation: false
            case .runtime: Schema.live.contains(key)
            case .data, .policy, .supply, .cascade, nil: true
            }
        }
    }
}

extension Snapshot {
    /// Whether a VM that a hypervisor has is the machine of a descriptor; one of the same UUID on another hypervisor is not, nor
    /// one without our mark.
    fileprivate func hasDescriptor(for machine: Observation, on endpoint: Endpoint) -> Bool {
        guard let record = records[machine.id], record.isOnHypervisor, record.owns(machine) else { return false }
        return self.endpoint(of: record, in: index.listings[machine.id]?.path.parent ?? .root)?.address
            == endpoint.address
    }

    /// A VM has one descriptor, whose identity is the VM's.
    fileprivate func refuseAdoption(
        of id: EntryID, at path: Path, _ standing: Standing
    ) throws(ServiceError) {
        if let owner = entry(id), owner.path != path {
            guard standing.sees(owner.path) else { throw .conflict(path, "the VM \(id) has a descriptor already") }
            throw .conflict(owner.path, "the VM \(id) belongs to \(owner.path); move that, or adopt the VM there")
        }
        guard let entry = tree[path]?.entry else { return }
        let record = record(of: entry)
        guard entry.id == id, !record.isOnHypervisor || record.machine.failure?.isGone == true else {
            throw .conflict(
                path, "\(path) exists already; expected a free path, for the VM brings its descriptor along")
        }
    }
}
