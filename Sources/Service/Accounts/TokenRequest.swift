import Access
import Foundation
import OrderedCollections
import Tree

/// What is asked for of a new token.
struct TokenRequest: Sendable {
    /// For whom; nil for whoever asks.
    let owner: String?
    let note: String?
    let bounds: Bounds
    /// In milliseconds since 1970; nil for never.
    let expires: Int?

    static let longestNote = 200

    init(_ body: Value) throws(ServiceError) {
        var members = try Members(body, "the token")
        owner = try members.string("owner")
        note = try members.string("note")
        let folder = try members.string("folder").map { text throws(ServiceError) in try Call.path(text) }
        let rights = try members.names("rights").map { names throws(ServiceError) in try Right.set(names) }
        bounds = Bounds(folder: folder, rights: rights, certname: try members.string("certname"))
        expires = try members.string("expires").map { text throws(ServiceError) in try TokenRequest.time(text) }
        try members.end()
        if let note, note.count > TokenRequest.longestNote || note.contains(where: \.isNewline) {
            throw .badRequest("note: expected one line of \(TokenRequest.longestNote) characters at most")
        }
    }

    private static func time(_ text: String) throws(ServiceError) -> Int {
        guard let time = Clock.time(text) else {
            throw .badRequest("expires: expected a time such as 2027-01-31T12:00:00Z, found \"\(text.prefix(40))\"")
        }
        guard time > Clock.now else { throw .badRequest("expires: \(Clock.text(time)) is over already") }
        return time
    }
}

extension Right {
    /// The rights of these names.
    static func set(_ names: [String]) throws(ServiceError) -> Set<Right> {
        var rights: Set<Right> = []
        for name in names {
            guard let right = Right(rawValue: name) else {
                let known = Right.allCases.map(\.rawValue)
                let hint = Spelling.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
                throw .badRequest(
                    "rights: \"\(name.prefix(40))\" is none; \(hint ?? "expected of \(known.joined(separator: ", "))")")
            }
            rights.insert(right)
        }
        guard !rights.isEmpty else { throw .badRequest("rights: expected one at least") }
        return rights
    }
}
