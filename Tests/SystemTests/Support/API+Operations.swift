import Testing
import Tree

extension API {
    /// Asks for a verb and waits for the end of its operation.
    /// - Returns: the operation.
    func finish(
        _ verb: String, _ path: String, _ query: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        let answer = try await send("POST", "/v1/tree\(path):\(verb)\(query)")
        try #require(answer.status == 202, "\(verb) \(path): \(answer.text)", sourceLocation: sourceLocation)
        let location = try #require(answer.headers["location"], sourceLocation: sourceLocation)
        return try await end(of: location, sourceLocation: sourceLocation)
    }

    /// Waits for the end of an operation.
    func end(of location: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Value {
        // A guest that does not listen is given a minute to stop by itself.
        for _ in 0..<9 {
            let operation = try await get("\(location)?wait=20", sourceLocation: sourceLocation)
            if operation["ended"] != nil { return operation }
        }
        return try await get(location, sourceLocation: sourceLocation)
    }
}
