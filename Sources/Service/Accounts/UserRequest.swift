import OrderedCollections
import Tree

/// What is asked for of a user. It never shows itself: there may be passwords in it.
struct UserRequest {
    /// Nil for a change: the address says who.
    let name: String?
    let password: String?
    /// The password as it was, for one who changes his own.
    let old: String?
    let isSuperuser: Bool?
    let isDisabled: Bool?

    init(_ body: Value) throws(ServiceError) {
        var members = try Members(body, "the user")
        name = try members.string("name")
        password = try members.secret("password")
        old = try members.secret("old")
        isSuperuser = try members.bool("superuser")
        isDisabled = try members.bool("disabled")
        try members.end()
    }
}

extension Members {
    /// A text that no message shows.
    mutating func secret(_ name: Key) throws(ServiceError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw .badRequest("expected \"\(name)\" to be a string") }
        return text
    }

    /// A list of texts.
    mutating func names(_ name: Key) throws(ServiceError) -> [String]? {
        guard let list = try list(name) else { return nil }
        let names = list.compactMap(\.string)
        guard names.count == list.count else { throw .badRequest("expected \"\(name)\" to be a list of strings") }
        return names
    }
}
