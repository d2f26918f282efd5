import Access
import HTTP
import OrderedCollections
import Store
import Tree

/// Reading the audit log. Superusers see all of it; others what was done or tried at places where they may grant rights,
/// and what they did themselves.
enum AuditRoutes {
    static let all: [ServiceRoute] = [
        .wait(
            .get, "/v1/audit", .known, "who did what, or tried to, newest first",
            [
                Query(name: "path", summary: "only at this entry or below it"),
                Query(name: "principal", summary: "only by this user, token's owner or machine"),
                Query(name: "result", summary: "only what was done, or what was refused"),
                Query(name: "since", summary: "only from this time on, such as 2027-01-31T12:00:00Z"),
                Query(name: "until", summary: "only before this time"),
                Query(name: "limit", summary: "how many rows, to 1000; default 100"),
                Query(name: "before", summary: "only rows with a smaller number"),
                Query(name: "after", summary: "only rows with a greater number, oldest first"),
                Query(name: "wait", summary: "with after: answer when there is a row, or after so many seconds, to 60"),
            ], list)
    ]

    private static func list(_ call: Call) async throws(ServiceError) -> Response {
        var query = AuditQuery(limit: try call.number("limit", in: 1...1_000) ?? 100)
        query.path = try call.head.query("path").map { text throws(ServiceError) in try Call.path(text) }
        query.principal = call.head.query("principal")
        query.result = try result(call)
        query.since = try time("since", call)
        query.until = try time("until", call)
        query.before = try call.number("before", in: 1...Int.max)
        query.after = try call.number("after", in: 0...Int.max)
        let seconds = try call.number("wait", in: 0...60) ?? 0
        guard query.after != nil || seconds == 0 else { throw .badRequest("wait: expected after=NUMBER with it") }
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let asked = query
            let (entries, next) = try await call.aside { call throws(ServiceError) in try call.audit(asked) }
            guard entries.isEmpty, ContinuousClock.now < end, !Task.isCancelled, call.isLetIn else {
                var document: Map = ["entries": .list(entries.map { .map($0.document(isWhole: call.seesAll)) })]
                document["next"] = next.map(Value.integer)
                return call.answer(.map(document))
            }
            // What was looked at need not be looked at again.
            query.after = next ?? query.after
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    private static func result(_ call: Call) throws(ServiceError) -> AuditEntry.Result? {
        guard let text = call.head.query("result") else { return nil }
        guard let result = AuditEntry.Result(rawValue: text) else {
            throw .badRequest("result=\(text): expected done or refused")
        }
        return result
    }

    private static func time(_ name: String, _ call: Call) throws(ServiceError) -> Int? {
        guard let text = call.head.query(name) else { return nil }
        guard let time = Clock.time(text) else {
            throw .badRequest("\(name)=\(text): expected a time such as 2027-01-31T12:00:00Z")
        }
        return time
    }
}

extension Call {
    /// Whether the caller sees the whole audit log.
    fileprivate var seesAll: Bool { principal.isSuperuser }

    /// The rows that the caller sees, and where to go on: the number of the last one looked at, nil where there are no more.
    fileprivate func audit(_ query: AuditQuery) throws(ServiceError) -> (entries: [AuditEntry], next: Int?) {
        var (query, entries, looks) = (query, [AuditEntry](), 0)
        var last: Int?
        let limit = query.limit
        while entries.count < limit, looks < Self.longestLook {
            query.limit = limit
            let (asked, store) = (query, parts.store)
            let page = try ServiceError.wrapping { () throws(StoreError) in try store.audit(asked) }
            try goOn()
            for entry in page where entries.count < limit {
                (last, looks) = (entry.number, looks + 1)
                if sees(entry) { entries.append(entry) }
            }
            if page.count < limit { return (entries, query.after == nil ? nil : last) }
            if query.after == nil { query.before = last } else { query.after = last }
        }
        return (entries, last)
    }

    /// How many rows one answer looks at.
    private static let longestLook = 10_000

    private func sees(_ entry: AuditEntry) -> Bool {
        if seesAll { return true }
        if let path = entry.path, may(.grant, at: path) { return true }
        return entry.principal == principal.name && principal.bounds == .none && principal.authority != .machine
    }
}

extension AuditEntry {
    /// The row as people and programs see it.
    ///
    /// - Parameter isWhole: whether all rows are seen, so that hashes say something.
    fileprivate func document(isWhole: Bool) -> Map {
        var map: Map = ["number": .integer(number), "time": .string(Clock.text(time))]
        map["principal"] = principal.map(Value.string)
        map["key"] = key.map(Value.string)
        map["address"] = address.map(Value.string)
        map["action"] = .string(action)
        map["path"] = path.map { .string("\($0)") }
        // Who asked for what does not exist for him is not told by his own row whether it does for others.
        if isWhole || status != 404 { map["subject"] = subject.map(Value.string) }
        map["result"] = .string(result.rawValue)
        map["status"] = status.map(Value.integer)
        map["revision"] = revision.map(Value.integer)
        map["operation"] = operation.map(Value.integer)
        map["grounds"] = grounds.map(Value.string)
        if times > 1 { map["times"] = .integer(times) }
        if isWhole { map["hash"] = .string(hash.hexadecimal) }
        return map
    }
}
