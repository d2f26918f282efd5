import OrderedCollections
import Tree

extension Client {
    /// Everything below a folder that a selector means, page by page.
    func list(
        below path: Path, selector: String? = nil, fields: [String]? = nil, at past: String? = nil
    ) async throws(Failure) -> [Map] {
        var entries: [Map] = []
        var after: String?
        repeat {
            let page = try await get(
                .tree(
                    .entry(path),
                    [
                        "recursive": "true", "selector": selector, "fields": fields?.joined(separator: ","),
                        "after": after, "at": past,
                    ]))
            if let warning = page.warning { Terminal.say("warning: \(Terminal.printable(warning))") }
            entries += page.map["entries"]?.list?.compactMap(\.map) ?? []
            after = page.map["next"]?.string
        } while after != nil
        return entries
    }

    /// Asks for a verb; the operation has been accepted, not done.
    func ask(
        _ verb: String, _ path: Path, selector: String?, keep: Bool, keepDisks: Bool, grace: Int?, forget: Bool
    ) async throws(Failure) -> Operation {
        let query: KeyValuePairs<String, String?> = [
            "selector": selector, "keep": keep ? "true" : nil, "keepDisks": keepDisks ? "true" : nil,
            "grace": grace.map { String($0) }, "forget": forget ? "true" : nil,
        ]
        return Operation(map: try await send(.post, .tree(path, verb: verb, query)).map)
    }

    /// An operation, as soon as it has ended or so many seconds have passed.
    func operation(_ id: Int, wait: Int = 0) async throws(Failure) -> Operation {
        Operation(
            map: try await get(Address(["v1", "operations", String(id)], ["wait": wait > 0 ? String(wait) : nil])).map)
    }

    /// The newest operation on an entry, or below it; nil if there is none.
    func newestOperation(at path: Path) async throws(Failure) -> Operation? {
        let page = try await get(Address(["v1", "operations"], ["path": "\(path)", "limit": "1"]))
        return page.map["operations"]?.maps.first.map(Operation.init)
    }

    /// The operations on single machines that one on a folder is made of, newest first; those in some states only.
    func parts(of operation: Operation, in states: [String], limit: Int = .max) async throws(Failure) -> [Operation] {
        var parts: [Operation] = []
        let size = min(limit, 1000)
        while parts.count < limit {
            let page = try await get(
                Address(
                    ["v1", "operations"],
                    [
                        "parent": String(operation.id), "state": states.joined(separator: ","), "limit": String(size),
                        "before": (parts.last?.id).map(String.init),
                    ]))
            let list = (page.map["operations"]?.maps ?? []).map(Operation.init)
            parts += list
            if list.count < size { break }
        }
        return parts
    }

    /// The name by which tools know a machine, of which a name or a path is given.
    func certname(_ machine: String, at past: String? = nil) async throws(Failure) -> String {
        guard machine.hasPrefix("/") else { return machine }
        let path: Path
        do {
            path = try Path(machine)
        } catch {
            throw Failure("\(error)", status: Failure.usage)
        }
        let entry = Listing(map: try await get(.tree(.entry(path), ["fields": "certname,kind", "at": past])).map)
        guard !entry.isFolder else { throw Failure("\(path) is a folder; expected a machine") }
        return entry.certname
    }
}
