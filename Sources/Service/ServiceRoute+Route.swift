import Access
import Formats
import HTTP
import Logging
import Tree

extension ServiceRoute {
    /// The route as a server takes it: who calls is found out, then whether he may, then the rest.
    func route(_ parts: Parts, _ counter: Metrics.Counter, _ log: Logger) -> Route<Rule> {
        Route(method, pattern, rule: rule, summary: summary) { head, parameters in
            let caller: Principal
            if rule == .anybody {
                caller = Principal(name: "anybody", .granted(groups: []))
            } else {
                guard let principal = parts.accounts.principal(of: head) else {
                    return counter.counting(.respond(ServiceError.unauthenticated.response(parts.current)))
                }
                caller = principal
            }
            let snapshot = parts.current.snapshot
            let call = Call(
                head: head, parameters: parameters, standing: Standing(caller, snapshot.policy), snapshot: snapshot,
                parts: parts)
            return counter.counting(receive(call, log))
        }
    }

    private func receive(_ call: Call, _ log: Logger) -> Reception {
        do {
            try refuseUnknownQueries(call.head)
            try refuseConditions(call.head)
            if call.head.query("at") == nil { try call.obey(rule) }
        } catch {
            return .respond(Self.tell(error, call, log))
        }
        switch handling {
        case .read(let handler):
            guard call.head.query("at") != nil else {
                return .respond(answer(call, log) { () throws(ServiceError) in try handler(call) })
            }
            return .suspend {
                await answer(call, log) { () async throws(ServiceError) in try handler(try past(call)) }
            }
        case .stream(let handler):
            return .respond(answer(call, log) { () throws(ServiceError) in try handler(call) })
        case .wait(let handler):
            return .suspend {
                await answer(call, log) { () async throws(ServiceError) in try await handler(try past(call)) }
            }
        case .write(let handler):
            return .collect(limit: nil) { bytes in
                .suspend {
                    await answer(call, log) { () async throws(ServiceError) in
                        try await handler(call, try Self.decode(bytes, call))
                    }
                }
            }
        }
    }

    /// The call as of the revision that `at` asks for, if it does: a name may have meant another machine then.
    private func past(_ call: Call) throws(ServiceError) -> Call {
        guard call.head.query("at") != nil else { return call }
        let call = try call.atRevision()
        try call.obey(rule)
        return call
    }

    private func refuseUnknownQueries(_ head: Head) throws(ServiceError) {
        let names = queries.map(\.name)
        guard let unknown = head.queries.first(where: { !names.contains($0.name) })?.name else { return }
        let hint = Spelling.nearest(to: unknown, among: names).map { "did you mean \"\($0)\"?" }
        let expected = names.isEmpty ? "none" : names.joined(separator: ", ")
        throw .badRequest("unknown query \"\(unknown)\"; \(hint ?? "expected \(expected)")")
    }

    /// A condition that nothing can be compared with does not hold (RFC 9110 §13.1.1); one that is passed over would be
    /// believed.
    private func refuseConditions(_ head: Head) throws(ServiceError) {
        guard method != .get, method != .head, !isConditional, Precondition(head).isSet else { return }
        throw .unconditional(head.path)
    }

    private func answer(_ call: Call, _ log: Logger, _ handler: () throws(ServiceError) -> Response) -> Response {
        do {
            return try handler()
        } catch {
            return Self.tell(error, call, log)
        }
    }

    private func answer(
        _ call: Call, _ log: Logger, _ handler: () async throws(ServiceError) -> Response
    ) async -> Response {
        do {
            return try await handler()
        } catch {
            return Self.tell(error, call, log)
        }
    }

    private static func tell(_ error: ServiceError, _ call: Call, _ log: Logger) -> Response {
        let response = error.seen(by: call.standing).response(call.parts.current)
        if response.status >= 500 { log.error("\(error.document.detail)") }
        return response
    }

    /// A body of a hundred thousand entries has some ten values in each, and its own limit in bytes.
    private static let values = 4_000_000

    private static func decode(_ bytes: [UInt8], _ call: Call) throws(ServiceError) -> Value {
        let limits = Limits(depth: call.parts.options.depth, nodes: values)
        let type = call.head.header("Content-Type")?.split(separator: ";").first?.lowercased() ?? "application/json"
        do {
            switch type {
            case "application/json", "application/merge-patch+json": return try JSON.decode(bytes, limits: limits)
            case "application/yaml", "application/x-yaml", "text/yaml": return try YAML.decode(bytes, limits: limits)
            default: break
            }
        } catch {
            throw .malformed(error)
        }
        throw .unsupportedMedia("a body of type \(type); expected application/json or application/yaml")
    }
}

extension Call {
    /// The same call, answered from the tree as of the revision that `at` asks for.
    func atRevision() throws(ServiceError) -> Call {
        guard let text = head.query("at") else { return self }
        let now = snapshot.tree
        let past = try parts.history.snapshot(at: try parts.history.revision(text), snapshot)
        let standing = Standing(principal, snapshot.policy).lookingBack(to: past.policy) { path in
            past.tree[path]?.entry.id != now[path]?.entry.id
        }
        return at(past, standing)
    }
}

extension Metrics.Counter {
    /// The same reception, counted when it is answered.
    fileprivate func counting(_ reception: Reception) -> Reception {
        switch reception {
        case .respond(let response):
            count(response.status)
            return reception
        case .suspend(let work):
            return .suspend {
                let response = await work()
                self.count(response.status)
                return response
            }
        case .collect(let limit, let next):
            return .collect(limit: limit) { self.counting(next($0)) }
        }
    }
}
