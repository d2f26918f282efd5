import OrderedCollections
import Store
import Tree

extension Proposal {
    /// Reads the body of a plan: that of an apply, or one write, which names its path by what is to be done there.
    init(_ body: Value, _ call: Call) throws(ServiceError) {
        var members = try Members(body, "the body")
        if let target = try members.target("put") {
            let request = PutRequest(kind: try members.kind(), definition: try members.members("definition") ?? [:])
            self = .put(target, request.of(target), parents: try members.bool("parents") ?? false)
        } else if let target = try members.target("patch") {
            self = .patch(target, try members.members("definition") ?? [:])
        } else if let path = try members.path("delete") {
            self = .delete(
                path, isRecursive: try members.bool("recursive") ?? false,
                destroys: try members.bool("destroy") ?? false)
        } else if let path = try members.path("move") {
            self = .move(path, to: try members.destination())
        } else if let path = try members.path("copy") {
            self = .copy(path, to: try members.destination())
        } else if let number = try members.number("revert") {
            let revision = try call.revision(number)
            guard try call.document(of: revision) != nil else { throw call.noRevision("\(number)") }
            self = .revert(try Revert(number, call.parts.store))
        } else {
            self = .apply(try ApplyRequest(body, call))
            return
        }
        try members.end()
    }
}

extension Members {
    mutating func path(_ name: Key) throws(ServiceError) -> Path? {
        try string(name).map { text throws(ServiceError) in try Call.path(text) }
    }

    fileprivate mutating func target(_ name: Key) throws(ServiceError) -> Target? {
        try string(name).map { text throws(ServiceError) in try Target(text) }
    }

    /// Where something is copied or moved to, which is the last that is asked of the body.
    mutating func destination() throws(ServiceError) -> Path {
        let to = try path("to")
        try end()
        guard let to else { throw .badRequest("expected {\"to\": \"/a/path\"}") }
        return to
    }
}
