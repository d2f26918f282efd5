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
        let parameters = route.pattern.parameterNames
        if !parameters.isEmpty {
            map["parameters"] = .list(
                parameters.map { name in
                    var parameter: Map = [
                        "name": .string(name), "in": "path", "required": true, "schema": ["type": "string"],
                    ]
                    if name == "path" { parameter["description"] = "an entry's path, with its slashes as they are" }
                    return .map(parameter)
                })
        }
        if case .write = route.handling {
            let schema: Value = ["schema": ["type": "object"]]
            map["requestBody"] = [
                "required": true, "content": ["application/json": schema, "application/yaml": schema],
            ]
        }
        map["responses"] = [
            "2XX": ["description": "done"],
            "4XX": [
                "description": "not granted",
                "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
            ],
            "5XX": [
                "description": "failed",
                "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
            ],
        ]
        map["security"] = route.right == nil ? [] : [["bearer": []], ["basic": []]]
        return map
    }

    private static let problem: Value = [
        "type": "object",
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "path": ["type": "string"], "key": ["type": "string"],
            "layer": ["type": "string"], "line": ["type": "integer"], "column": ["type": "integer"],
            "problems": ["type": "array", "items": ["type": "object"]],
        ],
        "required": ["title", "status", "detail"],
    ]
}

extension String {
    /// The pattern with `{path...}` as OpenAPI writes it.
    fileprivate var replacingRest: String {
        split(separator: "...", omittingEmptySubsequences: false).joined()
    }

    fileprivate var parameterNames: [String] {
        split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first }.map { String($0).replacingRest }
    }
}
