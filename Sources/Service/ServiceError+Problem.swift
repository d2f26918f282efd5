import Formats
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Tree

extension ServiceError {
    /// The error as a problem document (RFC 9457).
    var document: ProblemDocument {
        switch self {
        case .badRequest(let detail):
            return ProblemDocument(400, detail)
        case .malformed(let error):
            return ProblemDocument(400, "\(error)", ["line": .integer(error.line), "column": .integer(error.column)])
        case .unsupportedMedia(let detail):
            return ProblemDocument(415, detail)
        case .invalid(let problems):
            return ProblemDocument(422, ProblemDocument.summary(of: problems), first: problems, problems: problems)
        case .breaks(let problems, let machines):
            guard !problems.isEmpty else {
                return ProblemDocument(422, "the change would break machines that are not yours to view")
            }
            guard machines > 0 else {
                return ProblemDocument(
                    422, "the change would break what folders hand down: \(ProblemDocument.summary(of: problems))",
                    first: problems, problems: problems)
            }
            let count = machines == 1 ? "one machine's definition" : "the definitions of \(machines) machines"
            return ProblemDocument(
                422, "the change would break \(count): \(problems.first.map(\.description) ?? "")",
                ["machines": .integer(machines)], first: problems, problems: problems)
        case .broken(let path, let problems):
            return ProblemDocument(
                409, "the definition of \(path) is broken: \(ProblemDocument.summary(of: problems))",
                first: problems, problems: problems)
        case .inTheWay(let revision, let problems):
            return ProblemDocument(
                409, "revision \(revision) cannot be reverted: \(ProblemDocument.summary(of: problems))",
                first: problems, problems: problems)
        case .contradicts(let base, let contradictions):
            let problems = contradictions.map(\.problem)
            let told = contradictions.prefix(ProblemDocument.mostConflicts).map(\.document)
            return ProblemDocument(
                409, "what came since revision \(base) contradicts this: \(ProblemDocument.summary(of: problems))",
                ["base": .integer(base), "count": .integer(problems.count), "conflicts": .list(told)], first: problems)
        case .conflict(let path, let detail):
            return ProblemDocument(409, detail, path.map { ["path": .string("\($0)")] } ?? [:])
        case .clash(let clash):
            return ServiceError.conflict(clash.problem.path, clash.problem.description).document
        case .refused(let path, let refusal):
            return ProblemDocument(
                409, "\(path): \(refusal)", ["path": .string("\(path)"), "state": .string(refusal.state.rawValue)])
        case .frozen(let path, let key, let state, let need):
            // While a VM is being made, its machine is still provisioned.
            let detail =
                state == .provisioned
                ? "\(path) is being created, and \(key) cannot be changed meanwhile; wait for the operation's end, then "
                    + "\(need.verb.rawValue) it, or cancel the operation"
                : "\(path) is \(state.rawValue), and \(key) can be changed only while it is \(need.states); "
                    + "\(need.verb.rawValue) it first"
            return ProblemDocument(
                409, detail,
                [
                    "path": .string("\(path)"), "key": .string("\(key)"), "state": .string(state.rawValue),
                    "verb": .string(need.verb.rawValue),
                ])
        case .leanedOn(let image, let paths):
            return ProblemDocument(
                409,
                "disks of \(ServiceError.list(paths)) lean on the image \(image.name) (\(image.place)), which the change "
                    + "would remove or replace; destroy or rebuild these first, give a new image a name of its own, or "
                    + "ask with force=true",
                [
                    "image": .string(image.name),
                    "leaning": .list(paths.prefix(ProblemDocument.longest).map { .string("\($0)") }),
                ])
        case .missing(let path):
            return ProblemDocument(404, "\(path) does not exist", ["path": .string("\(path)")])
        case .unknownMachine(let name):
            // By this member the clients know that it is the machine that is missing, and not the route or the server.
            return ProblemDocument(404, "no machine is called \"\(name)\"", ["certname": .string(name)])
        case .notFound(let detail):
            return ProblemDocument(404, detail)
        case .unauthenticated:
            return ProblemDocument(
                401,
                "expected a valid token or password: Authorization: Bearer TOKEN, or Basic with a user's name and password"
            )
        case .expired(let time):
            return ProblemDocument(401, "the token has expired: it was good until \(Clock.text(time))")
        case .forbidden(let detail):
            return ProblemDocument(403, detail)
        case .slower(let seconds):
            return ProblemDocument(429, "too many attempts to log in; try again in \(seconds) s", retryAfter: seconds)
        case .busy(let detail):
            return ProblemDocument(503, "\(detail); try again", retryAfter: 2)
        case .stale(let path):
            return ProblemDocument(
                412, "\(path) has changed since it was read; read it again", ["path": .string("\(path)")])
        case .unconditional(let path):
            return ProblemDocument(
                412,
                "\(path) has no entity tag to compare with; expected If-Match and If-None-Match on entries only"
                    + (path == "/v1/apply" ? ", or base in the body" : ""))
        case .compacted(let what, let oldest):
            return ProblemDocument(
                410, "\(what) is no longer kept; the oldest that is kept is revision \(oldest)",
                ["oldest": .integer(oldest)])
        case .outdated(let outdated):
            return ProblemDocument(
                409, outdated.detail, ["plan": .string("\(outdated.plan)"), "revisions": outdated.revisions])
        case .abandoned:
            // As nginx says it in its log: nobody reads it, but it is counted.
            return ProblemDocument(499, "the client has hung up")
        case .tooMany(let detail):
            return ProblemDocument(413, detail)
        case .store(let error):
            return ProblemDocument(error.reason == .full ? 507 : 503, "\(error)")
        case .hypervisor(let error):
            return ProblemDocument(error.kind == .unsupported ? 409 : 502, "\(error)")
        }
    }
}

/// A problem document of RFC 9457, with the members of Headwater's own beside the standard ones.
struct ProblemDocument {
    let status: Int
    let detail: String
    let map: Map
    /// After how many seconds the same may be granted; nil if that is not known.
    let retryAfter: Int?

    /// How many problems one document lists.
    static let longest = 20
    /// How many contradictions, which have to be settled one by one.
    static let mostConflicts = 1_000

    init(
        _ status: Int, _ detail: String, _ members: Map = [:], first problems: [Problem] = [],
        problems all: [Problem] = [], retryAfter: Int? = nil
    ) {
        self.retryAfter = retryAfter
        self.status = status
        self.detail = detail
        var map: Map = [
            "type": "about:blank", "title": .string(StatusText.of(status)), "status": .integer(status),
            "detail": .string(detail),
        ]
        map.merge(members) { _, new in new }
        if let problem = problems.first { map.merge(problem.members) { old, _ in old } }
        if !all.isEmpty { map["problems"] = .list(all.prefix(ProblemDocument.longest).map { .map($0.document) }) }
        self.map = map
    }

    static func summary(of problems: [Problem]) -> String {
        let first = problems.first.map(\.description) ?? ""
        return problems.count > 1 ? "\(first) (and \(problems.count - 1) more)" : first
    }
}

extension Problem {
    /// Where the problem is.
    fileprivate var members: Map {
        var map: Map = [:]
        if let path { map["path"] = .string("\(path)") }
        if let key { map["key"] = .string("\(key)") }
        if let layer { map["layer"] = .string("\(layer)") }
        return map
    }

    /// The problem as a document's list has it.
    var document: Map {
        var map = members
        map["detail"] = .string(message)
        return map
    }
}

/// The reason phrases of RFC 9110 §15.
enum StatusText {
    static func of(_ status: Int) -> String {
        texts[status] ?? "Error"
    }

    private static let texts: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 304: "Not Modified",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        409: "Conflict", 410: "Gone", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 417: "Expectation Failed", 422: "Unprocessable Content",
        429: "Too Many Requests",
        431: "Request Header Fields Too Large", 499: "Client Closed Request", 500: "Internal Server Error",
        501: "Not Implemented",
        502: "Bad Gateway",
        503: "Service Unavailable", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}
