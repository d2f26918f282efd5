import Access
import HTTP
import OrderedCollections
import Store
import Tree

/// What of requests the audit log tells: all that were let in and ask for a change, or for a console, whether granted or
/// not; of others those that lack a right. A request that makes no sense is not told of.
extension ServiceRoute {
    var isAudited: Bool {
        switch (method, rule) {
        case (.get, .may([.console])): true
        case (.get, _), (.head, _), (.options, _), (_, .anybody): false
        case (.post, _), (.put, _), (.patch, _), (.delete, _): !isReading
        }
    }

    /// What is done, in a word or two: `write`, `start`, `add token`.
    var action: String {
        let segments = pattern.split(separator: "/")
        // `{path...}:start`, `{number}:revert`
        if let last = segments.last, let colon = last.lastIndex(of: ":") {
            return String(last[last.index(after: colon)...])
        }
        switch (method, segments.dropFirst().first.map(String.init)) {
        case (.get, _), (.head, _), (.options, _): return "read"
        case (.put, "tree"), (.patch, "tree"): return "write"
        case (.delete, "tree"): return "delete"
        case (.delete, "operations"): return "cancel operation"
        case (.post, "apply"): return "apply"
        case (.post, let things?): return "add \(things.dropLast())"
        case (.put, let things?), (.patch, let things?): return "change \(things.dropLast())"
        case (.delete, let things?): return "remove \(things.dropLast())"
        case (_, nil): return "\(method) \(pattern)"
        }
    }

    /// What the log is to say of a call.
    func trail(of call: Call) -> Trail {
        let address = call.head.peer.isEmpty ? nil : call.head.peer
        let entry = AuditEntry(
            time: Clock.now, principal: call.principal.name, key: call.parts.accounts.name(of: call.proof),
            address: address, action: action, path: call.place, subject: call.subject)
        return Trail(entry, call.standing)
    }

    /// The same reception; what it leads to is told when it is answered.
    func audited(_ reception: Reception, _ call: Call) -> Reception {
        reception.seeing { status in
            if let trail = call.trail {
                guard !trail.isClosed else { return }
                switch status {
                case 200..<400: call.parts.auditor.note(trail.done())
                case 400, 413, 415, 429, 500...: break
                default: call.parts.auditor.note(trail.refused(status))
                }
            } else if status == 403 {
                call.parts.auditor.note(trail(of: call).refused(status))
            }
        }
    }
}

extension Call {
    /// The place in the tree that the request names; nil if it names none that there could be.
    fileprivate var place: Path? {
        if parameters["path"] != nil { return try? Target(self).path }
        return parameters["certname"].flatMap(snapshot.index.path)
    }

    /// What the request names otherwise, if it is there. What is not may be anything, and is not repeated.
    fileprivate var subject: String? {
        let directory = parts.accounts.directory
        if let name = parameters["name"] {
            if head.segments.contains("groups") { return directory.groups[name]?.name }
            return directory.users[name]?.name
        }
        guard let number = (parameters["id"] ?? parameters["number"]).flatMap({ Int($0) }) else { return nil }
        switch head.segments.dropFirst().first {
        case "operations", "tokens": return "\(number)"
        case "revisions": return "revision \(number)"
        default: return nil
        }
    }
}

extension Reception {
    /// The same; `see` is told its status when it is answered.
    func seeing(_ see: @escaping @Sendable (_ status: Int) -> Void) -> Reception {
        switch self {
        case .respond(let response):
            see(response.status)
            return self
        case .send(let answer):
            see(answer.status)
            return self
        case .suspend(let work):
            return .suspend {
                let response = await work()
                see(response.status)
                return response
            }
        case .decide(let decide):
            return .decide { await decide().seeing(see) }
        case .collect(let limit, let next):
            return .collect(limit: limit) { next($0).seeing(see) }
        }
    }
}
