/// Finds the route that answers a request.
///
/// Of the routes that match, the one with the more particular pattern answers, wherever it stands in the list; of equal
/// ones, the first.
public struct Router: Sendable {
    public enum Match: Sendable {
        case found(Route, Parameters)
        /// No route has such a path.
        case notFound
        /// Routes have the path, for other methods (RFC 9110 §15.5.6).
        case methodNotAllowed(allow: [Method])
    }

    /// The routes by the literal that they begin with.
    private let routes: [String: [Route]]
    /// The routes that begin with none.
    private let others: [Route]

    public init(_ routes: [Route]) {
        let sorted = routes.enumerated().sorted { left, right in
            left.element.pattern == right.element.pattern
                ? left.offset < right.offset : left.element.pattern < right.element.pattern
        }
        var begun: [String: [Route]] = [:]
        var others: [Route] = []
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
        match(head.method, head.fields)
    }

    func match(_ method: Method, _ fields: Fields) -> Match {
        withExtendedLifetime(fields) { fields in
            guard let place = fields.place else { return .notFound }
            var allowed: Set<Method> = []
            let begun = Router.key(place).flatMap { routes[$0] } ?? []
            if let route = Router.find(method, place, among: begun, &allowed)
                ?? Router.find(method, place, among: others, &allowed)
            {
                return .found(route, Parameters(route.pattern, fields))
            }
            // HEAD is wherever GET is (RFC 9110 §9.3.2).
            if allowed.contains(.get) {
                if method == .head { return match(.get, fields) }
                allowed.insert(.head)
            }
            return allowed.isEmpty ? .notFound : .methodNotAllowed(allow: Method.allCases.filter(allowed.contains))
        }
    }

    /// The route for a method; the methods of those that have the path and another method are put into `allowed`.
    private static func find(
        _ method: Method, _ place: UnsafeRawBufferPointer, among routes: [Route], _ allowed: inout Set<Method>
    ) -> Route? {
        for route in routes where route.pattern.match(place) {
            if route.method == method { return route }
            allowed.insert(route.method)
        }
        return nil
    }

    /// The first segment, without the verb if it is the last one as well.
    private static func key(_ place: UnsafeRawBufferPointer) -> String? {
        guard !place.isEmpty else { return nil }
        var end = place.firstIndex(of: UInt8(ascii: "/"), from: 1)
        if end == place.count { end = place.lastIndex(of: UInt8(ascii: ":")) ?? end }
        return String(decoding: place[1..<end], as: UTF8.self)
    }
}
