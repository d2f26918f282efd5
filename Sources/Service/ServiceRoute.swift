import Access
import HTTP
import Tree

/// A route as a value: what it answers to, what it asks of the one who calls, what it is for, and how it answers.
///
/// The server, the API description and the tests walk the same list.
struct ServiceRoute: Sendable {
    let method: Method
    /// `/enc/{certname}`, `/v1/tree/{path...}`, `/v1/tree/{path...}:copy`.
    let pattern: String
    let rule: Rule
    let summary: String
    /// The queries that it knows.
    let queries: [Query]
    let handling: Handling

    /// Whether it changes something that `If-Match` can be asked of: an entry.
    var isConditional: Bool { pattern.hasPrefix("/v1/tree/") }

    /// Whether it changes nothing, so that nobody misses what is not done of it.
    var isReading: Bool { method == .get || pattern == "/v1/plan" }

    enum Handling: Sendable {
        /// Answered at once, from memory.
        case read(@Sendable (Call) throws(ServiceError) -> Response)
        /// The same, with a document of the machine that `{certname}` names; which is kept for who asks again.
        case document(@Sendable (Call) throws(ServiceError) -> Response)
        /// The same, put together on ``RequestThreads`` where it is long, as what tells of many machines or of the past is: who
        /// asks for one machine does not wait for who asks for all.
        case list(@Sendable (Call) throws(ServiceError) -> Response, isLong: @Sendable (Head) -> Bool)
        /// Answered when something else is done.
        case wait(@Sendable (Call) async throws(ServiceError) -> Response)
        /// Answered with events, for as long as the client stays.
        case stream(@Sendable (Call) throws(ServiceError) -> Response)
        /// Answered when something else is done, given a body.
        case write(@Sendable (Call, Value) async throws(ServiceError) -> Response)
        /// The same; the body may hold secrets, so that no message shows any of it.
        case secret(@Sendable (Call, Value) async throws(ServiceError) -> Response)
        /// The same, given a body that HTML forms send.
        case form(@Sendable (Call, Form?) async -> Response)
    }

    static func read(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query] = [],
        _ handler: @escaping @Sendable (Call) throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: queries, handling: .read(handler)
        )
    }

    static func document(
        _ pattern: String, _ summary: String, _ queries: [Query],
        _ handler: @escaping @Sendable (Call) throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: .get, pattern: pattern, rule: .may([.view]), summary: summary, queries: queries,
            handling: .document(handler))
    }

    static func list(
        _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query],
        _ handler: @escaping @Sendable (Call) throws(ServiceError) -> Response,
        isLong: @escaping @Sendable (Head) -> Bool = { _ in true }
    ) -> ServiceRoute {
        ServiceRoute(
            method: .get, pattern: pattern, rule: rule, summary: summary, queries: queries,
            handling: .list(handler, isLong: isLong))
    }

    static func wait(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query] = [],
        _ handler: @escaping @Sendable (Call) async throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: queries, handling: .wait(handler)
        )
    }

    static func stream(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query] = [],
        _ handler: @escaping @Sendable (Call) throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: queries,
            handling: .stream(handler))
    }

    static func write(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query] = [],
        _ handler: @escaping @Sendable (Call, Value) async throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: queries,
            handling: .write(handler))
    }

    static func secret(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String, _ queries: [Query] = [],
        _ handler: @escaping @Sendable (Call, Value) async throws(ServiceError) -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: queries,
            handling: .secret(handler))
    }

    static func form(
        _ method: Method, _ pattern: String, _ rule: Rule, _ summary: String,
        _ handler: @escaping @Sendable (Call, Form?) async -> Response
    ) -> ServiceRoute {
        ServiceRoute(
            method: method, pattern: pattern, rule: rule, summary: summary, queries: [], handling: .form(handler))
    }

    /// All routes of the service.
    static let all =
        ToolRoutes.all + TreeRoutes.all + ExplainRoutes.all + HistoryRoutes.all + WriteRoutes.all + PlanRoutes.all
        + VerbRoutes.all
        + AdoptionRoutes.all
        + ConsoleRoutes.all
        + ImageRoutes.all
        + OperationRoutes.all + EventRoutes.all + AccessRoutes.all + AccountRoutes.all + AuditRoutes.all
        + SystemRoutes.all
}
