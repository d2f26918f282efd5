import Access
import HTTP
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Store
import Tree

/// Changing the tree.
enum WriteRoutes {
    static let all: [ServiceRoute] = [
        .write(
            .put, "/v1/tree/{path...}", .puts, "create or replace an entry, or a folder's common",
            [Query(name: "parents", summary: "make the folders above that are missing")] + Query.write, put),
        .write(
            .patch, "/v1/tree/{path...}", .writes, "merge a patch into a definition (RFC 7396)", Query.write, patch),
        .wait(
            .delete, "/v1/tree/{path...}", .may([.delete]), "delete an entry; of the root, what is below it",
            [
                Query(name: "recursive", summary: "delete what it holds as well"),
                Query(name: "destroy", summary: "destroy the machines first"), .forget,
            ] + Query.write, delete),
        .write(
            .post, "/v1/tree/{path...}:copy", .may([.view]), "copy an entry with all below it", Query.write, copy),
        .write(
            .post, "/v1/tree/{path...}:move", .writes, "move an entry with all below it", Query.write, move),
        .write(.post, "/v1/apply", .known, "write many entries in one revision", Query.write, ApplyRequest.apply),
    ]

    private static func put(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let target = try Target(call)
        let request: PutRequest
        switch target {
        case .entry: request = try PutRequest(body)
        case .common: request = PutRequest(kind: .folder, definition: try Members(body, "the common").map)
        }
        return try await write(call, target, .put(target, request, parents: try call.flag("parents")))
    }

    private static func patch(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let target = try Target(call)
        return try await write(call, target, .patch(target, try Members(body, "the patch").map))
    }

    private static func copy(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let (path, to) = (try call.path(), try destination(body))
        return try await write(call, .entry(path), answering: to, .copy(path, to: to))
    }

    private static func move(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let (path, to) = (try call.path(), try destination(body))
        return try await write(call, .entry(path), answering: to, .move(path, to: to))
    }

    private static func destination(_ body: Value) throws(ServiceError) -> Path {
        var members = try Members(body, "the body")
        return try members.destination()
    }

    /// Writes one revision and answers with the entry at its path.
    private static func write(
        _ call: Call, _ target: Target, answering path: Path? = nil, _ proposal: Proposal
    ) async throws(ServiceError) -> Response {
        let condition = Precondition(call.head)
        let path = path ?? target.path
        let written = try await call.write(proposal) { before throws(ServiceError) in
            try condition.check(target, before, call.standing)
        }
        guard let node = written.after.tree[path] else { throw .missing(path) }
        let status = written.before.tree[path] == nil ? 201 : 200
        let after = call.at(written.after)
        return after.answer(.map(EntryDocument(node, written.after, after.standing).map), status: status)
    }

    private static func delete(_ call: Call) async throws(ServiceError) -> Response {
        let target = try Target(call)
        guard case .entry(let path) = target else {
            throw .conflict(
                target.path,
                "a folder always has a definition; expected PUT with {} to empty it, or DELETE of the folder")
        }
        let isRecursive = try call.flag("recursive")
        let condition = Precondition(call.head)
        let forgets = try call.flag("forget")
        let destroys = try call.flag("destroy")
        guard forgets || destroys else {
            let written = try await call.write(.delete(path, isRecursive: isRecursive, destroys: false)) {
                before throws(ServiceError) in
                try condition.check(target, before, call.standing)
            }
            return call.at(written.after).done()
        }
        try condition.check(target, call.snapshot, call.standing)
        try call.hold(.delete(path, isRecursive: isRecursive, destroys: true))
        let node = call.snapshot.tree[path]
        try await destroyMachines(below: path, forgets, call)
        let written = try await call.write(
            .delete(path, isRecursive: isRecursive, destroys: false), isHeld: true
        ) { before throws(ServiceError) in
            guard let node, before.tree[path]?.isIdentical(to: node) == true else {
                throw .conflict(
                    path, "\(path) was changed while its VMs were destroyed; they are gone, and no entry was deleted")
            }
        }
        return call.at(written.after).done()
    }

    private static func destroyMachines(below path: Path, _ forgets: Bool, _ call: Call) async throws(ServiceError) {
        let order = Order(verb: .destroy, forgets: forgets)
        if let node = call.snapshot.tree[path] {
            try call.standing.require(order.rights.union([.delete]), below: node)
        }
        let operations = call.parts.operations
        let accepted = try await operations.accept(
            order, at: path, try call.machines(below: path, nil).meant, isFolder: true, call.author)
        let ended = try await operations.wait(accepted.id, .seconds(3600))
        guard ended.state == .done else {
            throw .conflict(
                path,
                "not every VM could be destroyed: \(ended.error ?? "operation \(ended.id) goes on"); those that could are gone "
                    + "with their disks, and no entry was deleted"
            )
        }
    }
}

extension Edit {
    /// Refuses if a machine at `path` or below exists on a hypervisor; who may not delete it does not hear of it.
    func refuseMachines(below path: Path) throws(ServiceError) {
        if let node = tree[path] { try standing.require([.delete], below: node) }
        try before.refuseMachines(below: path)
    }
}

extension Snapshot {
    /// Refuses if a machine at `path` or below exists on a hypervisor.
    fileprivate func refuseMachines(below path: Path) throws(ServiceError) {
        var machines: [Entry] = []
        tree[path]?.walk { if records[$0.entry.id]?.isOnHypervisor ?? false { machines.append($0.entry) } }
        guard let first = machines.first else { return }
        let others = machines.count > 1 ? " and \(machines.count - 1) more" : ""
        throw .conflict(
            first.path, "\(first.path)\(others) has a VM: destroy it first, or ask with destroy=true")
    }
}
