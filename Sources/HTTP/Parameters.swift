/// What stands in a path for the parameters of its pattern.
public struct Parameters: Sendable {
    private let route: Route
    private let fields: Fields

    /// The path must be of the route's pattern.
    init(_ route: Route, _ fields: Fields) {
        self.route = route
        self.fields = fields
    }

    /// The segment that stands for `{name}`, or those that stand for `{name...}` joined by `/`, which no segment holds;
    /// nil if the pattern has no such name.
    public subscript(name: String) -> String? {
        withExtendedLifetime(fields) { fields in
            guard let place = fields.place else { return nil }
            var found: Range<Int>?
            _ = route.pattern.match(place) { if $0 == name { found = $1 } }
            return found.map { String(decoding: place[$0], as: UTF8.self) }
        }
    }
}
