import OrderedCollections
import Tree

/// A change of the tree that the server is asked for: it can be planned as well as made.
struct Change {
    let method: Request.Method
    let address: Address
    var body: Value?
    /// The tag of the document that is to be replaced, if it may not have changed since.
    var tag: String?
    /// The same as `POST /v1/plan` takes it.
    let plan: Value

    /// Many entries, of which `body` tells.
    static func apply(_ body: Map) -> Change {
        Change(method: .post, address: Address(["v1", "apply"]), body: .map(body), plan: .map(body))
    }

    /// A definition in place of the one that had this tag.
    static func replacement(of target: Target, _ kind: Kind, by definition: Map, tag: String?) -> Change {
        let document: Map = ["kind": .string(kind.rawValue), "definition": .map(definition)]
        let body: Value =
            switch target {
            case .entry: .map(document)
            case .common: .map(definition)
            }
        var plan = document
        plan["put"] = .string("\(target)")
        return Change(method: .put, address: .tree(target), body: body, tag: tag, plan: .map(plan))
    }

    /// A merge patch (RFC 7396) on a definition.
    static func patch(_ target: Target, _ patch: Map) -> Change {
        Change(
            method: .patch, address: .tree(target), body: .map(patch),
            plan: ["patch": .string("\(target)"), "definition": .map(patch)])
    }

    static func move(_ path: Path, to: Path) -> Change { transfer("move", path, to) }

    static func copy(_ path: Path, to: Path) -> Change { transfer("copy", path, to) }

    private static func transfer(_ verb: String, _ path: Path, _ to: Path) -> Change {
        let to: Value = .string("\(to)")
        return Change(
            method: .post, address: .tree(path, verb: verb), body: ["to": to],
            plan: .map([Key(verb): .string("\(path)"), "to": to]))
    }

    /// - Parameters:
    ///   - destroys: whether the VMs are destroyed first.
    ///   - forgets: whether those are forgotten whose hypervisors do not do that.
    static func delete(_ path: Path, isRecursive: Bool, destroys: Bool, forgets: Bool = false) -> Change {
        let query: KeyValuePairs<String, String?> = [
            "recursive": isRecursive ? "true" : nil, "destroy": destroys ? "true" : nil,
            "forget": forgets ? "true" : nil,
        ]
        return Change(
            method: .delete, address: .tree(.entry(path), query),
            plan: ["delete": .string("\(path)"), "recursive": .bool(isRecursive), "destroy": .bool(destroys)])
    }

    /// The undoing of a revision.
    static func revert(_ revision: Int) -> Change {
        Change(
            method: .post, address: Address(["v1", "revisions", "\(revision):revert"]),
            plan: ["revert": .integer(revision)])
    }
}
