import Access
import Formats
import HTTP
import OrderedCollections
import Tree
import Views

/// One request of somebody known, with all that answering it needs.
struct Call: Sendable {
    let head: Head
    let parameters: Parameters
    /// Who calls, and what he may do: by what the tree says now, whatever revision is asked for, and where something stood
    /// then that does not stand there now, by what the tree said then as well.
    let standing: Standing
    /// What lets him in; nil where anybody may call, and for a certificate, which its connection proves.
    let proof: Proof?
    /// The current tree, or the one that `at` asks for.
    let snapshot: Snapshot
    let parts: Parts
    /// What the audit log is to say of the call; nil for one that changes nothing.
    var trail: Trail?
    /// Until when its answer is worked on; nil: it takes no time, or as much as it takes.
    var limit: WorkLimit?

    var principal: Principal { standing.principal }

    /// Whether the caller is let in still: what revokes a token, a password or a user ends long answers too.
    var isLetIn: Bool {
        guard let proof else { return true }
        return parts.accounts.principal(by: proof) != nil
    }

    /// The call as if it were made now, of the newest tree; nil if the caller is let in no more.
    func again() -> Call? {
        var principal = principal
        if let proof {
            guard let known = parts.accounts.principal(by: proof) else { return nil }
            principal = known
        }
        let snapshot = parts.current.snapshot
        return at(snapshot, Standing(principal, snapshot.policy))
    }

    /// Who makes the change, and why (`?message=`).
    var author: Author {
        Author(
            principal: principal, address: head.peer.isEmpty ? nil : head.peer, message: head.query("message"),
            trail: trail)
    }

    /// The same call, answered from a newer tree, by what that says.
    func at(_ snapshot: Snapshot) -> Call {
        at(snapshot, Standing(principal, snapshot.policy))
    }

    func at(_ snapshot: Snapshot, _ standing: Standing) -> Call {
        Call(
            head: head, parameters: parameters, standing: standing, proof: proof, snapshot: snapshot, parts: parts,
            trail: trail, limit: limit)
    }

    /// A query that is there or not: `?name`, `?name=true`.
    func flag(_ name: String) throws(ServiceError) -> Bool {
        switch head.query(name) {
        case nil, "false": false
        case "", "true": true
        case let text?: throw .badRequest("\(name)=\(text): expected true or false")
        }
    }

    /// A number within bounds.
    func number(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
        guard let text = head.query(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badRequest("\(name)=\(text): expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func path(_ name: String = "path") throws(ServiceError) -> Path {
        try Call.path("/" + (parameters[name] ?? ""))
    }

    static func path(_ text: String) throws(ServiceError) -> Path {
        var paths = PathReader()
        return try path(text, &paths)
    }

    /// Reads one of many paths.
    static func path(_ text: String, _ paths: inout PathReader) throws(ServiceError) -> Path {
        do {
            return try paths.path(text)
        } catch {
            throw .badRequest("\(error)")
        }
    }

    func selector() throws(ServiceError) -> Selector? {
        try head.query("selector").map { text throws(ServiceError) in try Selector(text) }
    }
}
