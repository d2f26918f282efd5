/// What stood in a path for the parameters of a pattern.
public struct Parameters: Sendable {
    private var values: [(name: String, value: String)] = []

    init() {}

    mutating func append(_ name: String, _ value: String) {
        values.append((name, value))
    }

    /// The segment that stood for `{name}`, or those that stood for `{name...}` joined by `/`, which no segment holds;
    /// nil if the pattern has no such name.
    public subscript(name: String) -> String? {
        values.first { $0.name == name }?.value
    }
}
