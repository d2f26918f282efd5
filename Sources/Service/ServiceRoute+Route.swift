import Access
import Formats
import HTTP
import Hypervisor
import Logging
import Tree

extension ServiceRoute {
    /// The route as a server takes it: who calls is found out, then whether he may, then the rest.
    func route(_ parts: Parts, _ counter: Metrics.Counter, _ log: Logger) -> Route {
        Route(method, pattern) { head, parameters in
            guard rule != .anybody else {
                return counter.counting(receive(.success(.anybody), head, parameters, parts, log))
            }
            switch parts.accounts.find(head) {
            case .settled(let caller):
                if case .document = handling, case .success(let caller) = caller,
                    let answer = parts.documents.answer(to: head, for: caller, in: parts.current)
                {
                    return counter.counting(.send(answer))
                }
                return counter.counting(receive(caller, head, parameters, parts, log))
            case .open(let find):
                return counter.counting(.decide { receive(await find(), head, parameters, parts, log) })
            }
        }
    }

    private func receive(
        _ caller: Result<Caller, ServiceError>, _ head: Head, _ parameters: Parameters, _ parts: Parts, _ log: Logger
    ) -> Reception {
        do throws(ServiceError) {
            let caller = try caller.get()
            let snapshot = parts.current.snapshot
            var call = Call(
                head: head, parameters: parameters, standing: Standing(caller.principal, snapshot.policy),
                proof: caller.proof, snapshot: snapshot, parts: parts)
            if isAudited { call.trail = trail(of: call) }
            return audited(receive(call, log), call)
        } catch {
            return .respond(error.response(parts.current))
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
        case .read(let handler), .document(let handler):
            return read(call, isLong: false, log, handler)
        case .list(let handler, let isLong):
            return read(call, isLong: isLong(call.head), log, handler)
        case .stream(let handler):
            return .respond(answer(call, log) { () throws(ServiceError) in try handler(call) })
        case .wait(let handler):
            return handle(call, log) { () async throws(ServiceError) in
                let response = try await handler(try past(call))
                // What is read is told to those only who are let in still when it has come.
                guard method != .get || call.isLetIn else { throw .unauthenticated }
                return response
            }
        case .write(let handler):
            return .collect(limit: nil) { bytes in
                handle(call, log) { () async throws(ServiceError) in
                    let call = try renewed(call)
                    let body = try Self.decode(bytes, call)
                    let response = try await handler(call, body)
                    // To give back what a large body takes is nothing that the answer has to wait for.
                    Task.detached { [body = consume body] in withExtendedLifetime(body) {} }
                    return response
                }
            }
        case .secret(let handler):
            return .collect(limit: Self.small) { bytes in
                handle(call, log) { () async throws(ServiceError) in
                    try await handler(try renewed(call), try Self.decodeSecret(bytes, call))
                }
            }
        case .form(let handler):
            return .collect(limit: Self.small) { bytes in
                .suspend { await handler(call, call.head.isForm ? Form(bytes) : nil) }
            }
        }
    }

    /// Answers from the caller's share of threads. What only reads is given up when its client hangs up; a change that has been
    /// asked for is made, whoever hears of it.
    private func handle(
        _ call: Call, _ log: Logger, _ handler: @escaping @Sendable () async throws(ServiceError) -> Response
    ) -> Reception {
        let answer: @Sendable () async -> Response = {
            await self.answer(call, log) { () async throws(ServiceError) in
                try await call.parts.handlers.run(for: call.principal.name, handler)
            }
        }
        // A task of its own is not cancelled with the one that waits for it.
        return isReading ? .suspend(answer) : .suspend { await Task { await answer() }.value }
    }

    /// Reads at once, or on a thread for long answers: what is told of the past is long, and so is what a large definition
    /// has to be computed for.
    private func read(
        _ call: Call, isLong: Bool, _ log: Logger,
        _ handler: @escaping @Sendable (Call) throws(ServiceError) -> Response
    ) -> Reception {
        guard isLong || call.head.query("at") != nil || call.isHeavy else {
            return .respond(answer(call, log) { () throws(ServiceError) in try handler(call) })
        }
        return .suspend {
            await answer(call, log) { () async throws(ServiceError) in
                let response = try await call.aside { call throws(ServiceError) in try handler(try past(call)) }
                // What is read is told to those only who are let in still when it has come.
                guard call.isLetIn else { throw .unauthenticated }
                return response
            }
        }
    }

    /// The call as it is when its body has come, however slowly that was sent: who is let in no more, or has lost the right
    /// meanwhile, is refused.
    private func renewed(_ call: Call) throws(ServiceError) -> Call {
        guard let call = call.again() else { throw .unauthenticated }
        try call.obey(rule)
        return call
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

    /// Bytes of a body that needs few.
    private static let small = 64 << 10

    /// The same, with errors that quote nothing of the body.
    private static func decodeSecret(_ bytes: [UInt8], _ call: Call) throws(ServiceError) -> Value {
        do throws(ServiceError) {
            return try decode(bytes, call)
        } catch {
            guard case .malformed(let error) = error else { throw error }
            throw .malformed(
                FormatError(
                    format: error.format,
                    message: "the body cannot be read from here on; it is not shown, for it may hold secrets",
                    line: error.line, column: error.column))
        }
    }

    private static func decode(_ bytes: [UInt8], _ call: Call) throws(ServiceError) -> Value {
        // Of a definition the depth counts without what the request puts around it.
        let limits = Limits(depth: call.parts.options.depth + Limits.envelope, nodes: values)
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

extension Head {
    /// Whether the body is what HTML forms send.
    fileprivate var isForm: Bool {
        let type = header("Content-Type")?.split(separator: ";").first?.lowercased()
        return type == "application/x-www-form-urlencoded"
    }
}

extension Metrics.Counter {
    /// The same reception, counted when it is answered.
    fileprivate func counting(_ reception: Reception) -> Reception {
        reception.seeing { self.count($0) }
    }
}
