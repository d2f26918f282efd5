/// Finds the route that answers a request.
///
/// Of the routes that match, the one with the more particular pattern answers, wherever it stands in the list; of equal
/// ones, the first.
public struct Router<Rule: Sendable>: Sendable {
    public enum Match: Sendable {
        case found(Route<Rule>, Parameters)
        /// No route has such a path.
        case notFound
        /// Routes have the path, for other methods (RFC 9110 §15.5.6).
        case methodNotAllowed(allow: [Method])
    }

    /// The routes by the literal that they begin with.
    private let routes: [String: [Route<Rule>]]
    /// The routes that begin with none.
    private let others: [Route<Rule>]

    public init(_ routes: [Route<Rule>]) {
        let sorted = routes.enumerated().sorted { left, right in
            left.element.pattern == right.element.pattern
                ? left.offset < right.offset : left.element.pattern < right.element.pattern
        }
        var begun: [String: [Route<Rule>]] = [:]
        var others: [Route<Rule>] = []
        for (_, route) in sorted {
            if case .literal(let text) = route.pattern.parts.first {
                begun[text, default: []].append(route)
            } else {
                others.append(route)
            }
        }
        self.routes = begun
        self.others = others
    }

    public func match(_ head: Head) -> Match {
        match(head.method, head.segments)
    }

    func match(_ method: Method, _ segments: [String]) -> Match {
        var allowed: Set<Method> = []
        for routes in [Router.key(segments).flatMap { routes[$0] } ?? [], others] {
            for route in routes {
                guard let parameters = route.pattern.match(segments) else { continue }
                if route.method == method { return .found(route, parameters) }
                allowed.insert(route.method)
            }
        }
        // HEAD is wherever GET is (RFC 9110 §9.3.2).
        if allowed.contains(.get) {
            if method == .head { return match(.get, segments) }
            allowed.insert(.head)
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allow: Method.allCases.filter(allowed.contains))
    }

    /// The first segment, without the verb if it is the last one as well.
    private static func key(_ segments: [String]) -> String? {
        guard segments.count == 1, let colon = segments[0].lastIndex(of: ":") else { return segments.first }
        return String(segments[0][..<colon])
    }
}
