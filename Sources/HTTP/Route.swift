/// One thing that a service answers, declared as a value: the server, a page about the interface and a test walk the
/// same list.
public struct Route<Rule: Sendable>: Sendable {
    public let method: Method
    public let pattern: Pattern
    /// Who may use it; HTTP knows nothing of the rule's meaning.
    public let rule: Rule
    /// What it does, in a few words for people.
    public let summary: String
    public let handler: @Sendable (Head, Parameters) -> Reception

    public init(
        _ method: Method, _ pattern: String, rule: Rule, summary: String,
        handler: @escaping @Sendable (Head, Parameters) -> Reception
    ) {
        self.method = method
        self.pattern = Pattern(pattern)
        self.rule = rule
        self.summary = summary
        self.handler = handler
    }
}
