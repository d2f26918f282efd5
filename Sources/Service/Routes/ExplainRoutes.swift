import Access
import Cascade
import HTTP
import Tree
import Views

/// Where values come from.
enum ExplainRoutes {
    static let all: [ServiceRoute] = [
        .list(
            "/v1/explain/{path...}", .may([.view]),
            "where each value of a machine comes from, or of what a folder hands down",
            [
                .at, Query(name: "key", summary: "only this key and what is below it, such as vars.ntp"),
                Query(name: "blame", summary: "also since which revision each level says what it says"),
                Query(name: "as", summary: "also what this tool sees: enc, hiera, ansible or pillar"),
            ], explain)
    ]

    /// Reads the store, for who wrote the layers.
    private static func explain(_ call: Call) throws(ServiceError) -> Response {
        let path = try call.path()
        let key = try call.key()
        let tool = try tool(call)
        guard let entry = call.snapshot.tree[path]?.entry else { throw .missing(path) }
        var document: ExplainDocument
        switch entry.kind {
        case .vm:
            guard let computed = call.snapshot.compute(entry) else { throw .missing(path) }
            let explanations = computed.explanations(of: key)
            document = ExplainDocument(computed, explanations, try blame(explanations, call), call.sees)
            if let tool { document.show(tool, try call.snapshot.subject(of: entry), key) }
        case .folder:
            if let tool {
                throw .badRequest(
                    "as=\(tool.rawValue): \(path) is a folder; expected a machine, for tools see only these")
            }
            guard let inheritance = call.snapshot.inheritance(of: path) else { throw .missing(path) }
            let explanations = inheritance.explanations(of: key)
            document = ExplainDocument(inheritance, explanations, try blame(explanations, call), call.sees)
        }
        return call.answer(.map(try document.map(call.parts.store)))
    }

    private static func blame(_ explanations: [Explanation], _ call: Call) throws(ServiceError) -> Blame? {
        try call.flag("blame") ? try Blame(explanations, call.snapshot.tree, call.parts.store, call.goOn) : nil
    }

    private static func tool(_ call: Call) throws(ServiceError) -> Tool? {
        guard let text = call.head.query("as") else { return nil }
        guard let tool = Tool(rawValue: text) else {
            throw .badRequest("as=\(text): expected \(Tool.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return tool
    }
}

extension Call {
    /// The key that is asked for; empty for all.
    fileprivate func key() throws(ServiceError) -> DottedPath {
        guard let text = head.query("key") else { return [] }
        do {
            return try DottedPath(text)
        } catch {
            throw .badRequest("key: \(error)")
        }
    }
}
