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
            entries += page.map["entries"]?.list?.compactMap(\.map) ?? []
            after = page.map["next"]?.string
        } while after != nil
        return entries
    }

    /// Asks for a verb; the operation has been accepted, not done.
    func ask(_ verb: String, _ path: Path, selector: String?, keep: Bool) async throws(Failure) -> Operation {
        let query: KeyValuePairs<String, String?> = ["selector": selector, "keep": keep ? "true" : nil]
        return Operation(map: try await send(.post, .tree(path, verb: verb, query)).map)
    }

    /// An operation, as soon as it has ended or so many seconds have passed.
    func operation(_ id: Int, wait: Int = 0) async throws(Failure) -> Operation {
        Operation(
            map: try await get(Address(["v1", "operations", String(id)], ["wait": wait > 0 ? String(wait) : nil])).map)
    }

    /// The operations on single machines that one on a folder is made of.
    func parts(of operation: Operation) async throws(Failure) -> [Operation] {
        let page = try await get(Address(["v1", "operations"], ["parent": String(operation.id), "limit": "1000"]))
        return (page.map["operations"]?.list ?? []).compactMap(\.map).map(Operation.init)
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
