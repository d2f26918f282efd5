import Access
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Tree

/// What is done to machines: one route for each verb.
enum VerbRoutes {
    static let all: [ServiceRoute] = [
        verb(
            .create, "make the VM and its disks",
            [Query(name: "keepDisks", summary: "take up disks of the VM that are there already, as they are")]),
        verb(
            .start, "start the VM, with what its definition says it runs with",
            [Query(name: "keep", summary: "start it as it is, whatever its definition says by now")]),
        verb(
            .stop, "ask the guest to shut down, and force it when its time is over",
            [
                Query(
                    name: "grace",
                    summary: "how many seconds the guest is given, to 86400; default: the service's setting")
            ]
        ),
        verb(.poweroff, "cut the VM's power"),
        verb(.reboot, "ask the guest to restart"),
        verb(.reset, "restart as the reset button does"),
        verb(.pause, "hold the VM still"),
        verb(.resume, "let a paused VM go on"),
        verb(
            .destroy, "remove the VM with its disks; the descriptor stays",
            [Query(name: "keepDisks", summary: "leave all its disks"), .forget]),
        verb(.rebuild, "destroy the VM and create it again"),
        verb(.reconcile, "ask the hypervisor, return to the true state, and put right what was changed there"),
        verb(.release, "forget the VM and leave it on its hypervisor; the descriptor stays", [.forget]),
    ]

    private static func verb(_ verb: Verb, _ summary: String, _ queries: [Query] = []) -> ServiceRoute {
        .wait(
            .post, "/v1/tree/{path...}:\(verb.rawValue)", .may(verb.rights), "\(summary); on a folder, of all below it",
            [.selector] + queries
        ) { call async throws(ServiceError) in try await accept(verb, call) }
    }

    private static func accept(_ verb: Verb, _ call: Call) async throws(ServiceError) -> Response {
        let path = try call.path()
        guard let entry = call.snapshot.tree[path]?.entry else { throw .missing(path) }
        try Precondition(call.head).check(.entry(path), call.snapshot, call.standing)
        let isFolder = entry.kind == .folder
        let selection = try call.bounded().machines(below: path, try call.selector())
        let targets = selection.meant
        let grace = try call.number("grace", in: 0...86_400).map { Duration.seconds($0) }
        let order = Order(
            verb: verb, keeps: try call.flag("keep"), keepsDisks: try call.flag("keepDisks"), grace: grace,
            forgets: try call.flag("forget"))
        for target in targets { try call.require(order.rights, at: target.path) }
        try selection.refuseUnclear()
        if !isFolder { try refuse(verb, entry, call) }
        let operation = try await call.parts.operations.accept(
            order, at: path, targets, isFolder: isFolder, call.author)
        return call.answer(
            .map(operation.document), status: 202, headers: [("Location", "/v1/operations/\(operation.id)")])
    }

    /// What can be told at once need not wait for an operation to fail.
    private static func refuse(_ verb: Verb, _ entry: Entry, _ call: Call) throws(ServiceError) {
        if let endpoint = call.snapshot.endpoint(of: entry) {
            let driver = call.parts.hypervisors.driver(for: endpoint)
            guard driver.can(verb) else { throw .hypervisor(driver.incapacity(verb, entry.id, of: endpoint)) }
        }
        // What state the machine is in when its turn comes is not known while something else is done to it.
        guard !call.parts.operations.isBusy(entry.id) else { return }
        var record = call.snapshot.record(of: entry)
        let actions: [Action]
        do {
            actions = try record.machine.on(.asked(verb))
        } catch {
            throw .refused(entry.path, error)
        }
        guard actions.contains(.create) else { return }
        _ = try call.snapshot.specification(of: entry, &record)
    }
}
