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

    /// The routes whose patterns begin with the same literal.
    private struct Branch {
        let literal: [UInt8]
        var routes: [Route]

        func begins(with segment: UnsafeRawBufferPointer) -> Bool {
            literal.count == segment.count && literal.elementsEqual(segment)
        }
    }

    private let branches: [Branch]
    /// The routes that begin with none.
    private let others: [Route]

    public init(_ routes: [Route]) {
        let sorted = routes.enumerated().sorted { left, right in
            left.element.pattern == right.element.pattern
                ? left.offset < right.offset : left.element.pattern < right.element.pattern
        }
        var branches: [Branch] = []
        var others: [Route] = []
        for (_, route) in sorted {
            guard case .literal(let text) = route.pattern.parts.first else {
                others.append(route)
                continue
            }
            let literal = Array(text.utf8)
            if let known = branches.firstIndex(where: { $0.literal == literal }) {
                branches[known].routes.append(route)
            } else {
                branches.append(Branch(literal: literal, routes: [route]))
            }
        }
        self.branches = branches
        self.others = others
    }

    public func match(_ head: Head) -> Match {
        match(head.method, head.fields)
    }

    func match(_ method: Method, _ fields: Fields) -> Match {
        withExtendedLifetime(fields) { fields in
            guard let place = fields.place else { return .notFound }
            var allowed: Set<Method> = []
            let first = Router.first(place)
            for branch in branches.indices where branches[branch].begins(with: first) {
                if let route = Router.find(method, place, branches[branch].routes, &allowed) {
                    return .found(route, Parameters(route, fields))
                }
            }
            if let route = Router.find(method, place, others, &allowed) {
                return .found(route, Parameters(route, fields))
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
        _ method: Method, _ place: UnsafeRawBufferPointer, _ routes: [Route], _ allowed: inout Set<Method>
    ) -> Route? {
        for route in routes where route.pattern.match(place) {
            if route.method == method { return route }
            allowed.insert(route.method)
        }
        return nil
    }

    /// The first segment, without the verb if it is the last one as well.
    private static func first(_ place: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard !place.isEmpty else { return place }
        var end = place.firstIndex(of: UInt8(ascii: "/"), from: 1)
        if end == place.count { end = place.lastIndex(of: UInt8(ascii: ":")) ?? end }
        return UnsafeRawBufferPointer(rebasing: place[1..<end])
    }
}
