import HTTP
import OrderedCollections
import Tree

/// Describes the routes as OpenAPI 3.1 has it.
enum OpenAPI {
    static func document(_ routes: [ServiceRoute]) -> Map {
        var paths: Map = [:]
        for route in routes {
            let path = route.pattern.replacingRest
            var item = paths[path]?.map ?? [:]
            item[route.method.rawValue.lowercased()] = .map(operation(route))
            paths[path] = .map(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Headwater", "version": "1",
                "description": "A tree of machine definitions, served to configuration tools.",
            ],
            "paths": .map(paths),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"], "basic": ["type": "http", "scheme": "basic"],
                ],
                "schemas": ["Problem": problem],
            ],
        ]
    }

    private static func operation(_ route: ServiceRoute) -> Map {
        var map: Map = ["summary": .string(route.summary)]
        let parameters = Pattern(route.pattern).names.map(pathParameter) + route.queries.map(queryParameter)
        if !parameters.isEmpty { map["parameters"] = .list(parameters) }
        let schema: Value = ["schema": ["type": "object"]]
        switch route.handling {
        case .read, .document, .list, .wait, .stream:
            break
        case .write, .secret:
            map["requestBody"] = [
                "required": true, "content": ["application/json": schema, "application/yaml": schema],
            ]
        case .form:
            map["requestBody"] = ["required": true, "content": ["application/x-www-form-urlencoded": schema]]
        }
        map["responses"] = .map(responses(route))
        map["security"] = route.rule == .anybody ? [] : [["bearer": []], ["basic": []]]
        return map
    }

    private static func pathParameter(_ name: String) -> Value {
        var parameter: Map = ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        if name == "path" { parameter["description"] = "an entry's path, with its slashes as they are" }
        return .map(parameter)
    }

    private static func queryParameter(_ query: Query) -> Value {
        [
            "name": .string(query.name), "in": "query", "description": .string(query.summary),
            "schema": ["type": "string"],
        ]
    }

    private static func responses(_ route: ServiceRoute) -> Map {
        var responses: Map = [:]
        for status in route.successes { responses[String(status)] = ["description": .string(StatusText.of(status))] }
        if case .stream = route.handling {
            responses["200"] = [
                "description": "events, for as long as the client stays",
                "content": ["text/event-stream": ["schema": ["type": "string"]]],
            ]
        }
        var content: Map = ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]]
        if case .form = route.handling { content["application/json"] = ["schema": grantError] }
        for status in route.refusals {
            responses[String(status)] = ["description": .string(StatusText.of(status)), "content": .map(content)]
        }
        return responses
    }

    /// RFC 6749 §5.2.
    private static let grantError: Value = [
        "type": "object",
        "properties": ["error": ["type": "string"], "error_description": ["type": "string"]],
        "required": ["error"],
    ]

    private static let problem: Value = [
        "type": "object",
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "path": ["type": "string"], "key": ["type": "string"],
            "layer": ["type": "string"], "certname": ["type": "string"], "line": ["type": "integer"],
            "column": ["type": "integer"], "problems": ["type": "array", "items": ["type": "object"]],
        ],
        "required": ["title", "status", "detail"],
    ]
}

extension ServiceRoute {
    /// The statuses of answers that are no errors.
    fileprivate var successes: [Int] {
        switch (method, handling) {
        case (.delete, _) where isOfAccounts: [204]
        case (.post, .secret): [201]
        case (_, .stream): [200]
        case (.get, _): [200, 304]
        case (.post, .wait): [202]
        case (.delete, _): pattern.hasPrefix("/v1/tree") ? [204] : [200]
        case (.put, _): [200, 201]
        case (.post, _): pattern.hasPrefix("/v1/tree") ? [201] : [200]
        case (.head, _), (.patch, _), (.options, _): [200]
        }
    }
}

extension ServiceRoute {
    /// The statuses of its problem documents, in order.
    fileprivate var refusals: [Int] {
        // Whatever the route: queries, certificates, framing, limits, a server that is full or stops.
        var statuses: Set = [400, 401, 413, 414, 429, 431, 503]
        if rule != .anybody { statuses.formUnion([403, 404, 409, 410, 502]) }
        if method != .get { statuses.formUnion([412, 422, 507]) }
        switch handling {
        case .write, .secret, .form: statuses.insert(415)
        case .read, .document, .list, .wait, .stream: break
        }
        return statuses.sorted()
    }

    fileprivate var isOfAccounts: Bool {
        ["/v1/users", "/v1/groups", "/v1/tokens"].contains { pattern.hasPrefix($0) }
    }
}

extension String {
    /// The pattern with `{path...}` as OpenAPI writes it.
    fileprivate var replacingRest: String {
        split(separator: "...", omittingEmptySubsequences: false).joined()
    }
}
