import Testing

@testable import HTTP

@Suite("Routes")
struct RouterTests {
    private let router = Router([
        route(.get, "/"), route(.get, "/v1/tree/{path...}"), route(.put, "/v1/tree/{path...}"),
        route(.post, "/v1/tree/{path...}:copy"), route(.post, "/v1/tree/{path...}:move"),
        route(.get, "/v1/operations"), route(.get, "/v1/operations/{id}"), route(.delete, "/v1/operations/{id}"),
        route(.get, "/v1/operations/all"), route(.post, "/v1/revisions/{n}:revert"), route(.get, "/hiera/{certname}"),
        route(.get, "/hiera/{certname}/{key}"), route(.post, "/reset:now"),
    ])

    private static func route(_ method: Method, _ pattern: String) -> Route {
        Route(method, pattern) { _, _ in .respond(Response()) }
    }

    /// What a request finds, in one line.
    private func find(_ method: Method, _ path: String) -> String {
        switch router.match(method, Fields(path)) {
        case .found(let route, let parameters):
            let values = route.pattern.names.map { "\($0)=\(parameters[$0] ?? "nil")" }
            return ([route.method.rawValue, route.pattern.description] + values).joined(separator: " ")
        case .notFound: return "not found"
        case .methodNotAllowed(let allow): return "allow " + allow.map(\.rawValue).joined(separator: ", ")
        }
    }

    @Test("literal segments, single parameters and rests are matched")
    func parameters() {
        #expect(find(.get, "/") == "GET /")
        #expect(find(.get, "/hiera/a.b") == "GET /hiera/{certname} certname=a.b")
        #expect(find(.get, "/hiera/a.b/key::x") == "GET /hiera/{certname}/{key} certname=a.b key=key::x")
        #expect(find(.get, "/v1/tree/a/b/c") == "GET /v1/tree/{path...} path=a/b/c")
    }

    @Test("a rest may be empty")
    func emptyRest() {
        #expect(find(.get, "/v1/tree") == "GET /v1/tree/{path...} path=")
    }

    @Test("a verb follows the last segment, or stands where there is none")
    func verbs() {
        #expect(find(.post, "/v1/tree/a/b:copy") == "POST /v1/tree/{path...}:copy path=a/b")
        #expect(find(.post, "/v1/tree/:move") == "POST /v1/tree/{path...}:move path=")
        #expect(find(.post, "/v1/tree:move") == "POST /v1/tree/{path...}:move path=")
        #expect(find(.post, "/v1/revisions/12:revert") == "POST /v1/revisions/{n}:revert n=12")
        #expect(find(.post, "/reset:now") == "POST /reset:now")
        #expect(find(.post, "/v1/revisions/:revert") == "not found")
    }

    @Test("the more particular pattern wins, wherever it stands in the list")
    func precedence() {
        #expect(find(.get, "/v1/operations/all") == "GET /v1/operations/all")
        #expect(find(.delete, "/v1/operations/all") == "DELETE /v1/operations/{id} id=all")
    }

    @Test("HEAD is wherever GET is")
    func head() {
        #expect(find(.head, "/hiera/a") == "GET /hiera/{certname} certname=a")
        #expect(find(.head, "/v1/revisions/1:revert") == "allow POST")
    }

    @Test("a path of other methods lists them, HEAD with GET")
    func methodNotAllowed() {
        #expect(find(.patch, "/v1/operations/7") == "allow GET, HEAD, DELETE")
        #expect(find(.delete, "/v1/tree/a:copy") == "allow GET, HEAD, POST, PUT")
    }

    @Test(
        "other paths are not found",
        arguments: ["/v1", "/nothing", "/hiera", "/hiera/a/b/c", "/v1/operations/1/2", "/reset"])
    func notFound(path: String) {
        #expect(find(.get, path) == "not found")
    }

    @Test("a pattern says what was written", arguments: ["/", "/a/{b}/{c...}:d", "/{x...}", "/a:b", "/a/{b}"])
    func description(pattern: String) {
        #expect(Pattern(pattern).description == pattern)
    }

    @Test("an unknown parameter is nil")
    func unknown() throws {
        guard case .found(_, let parameters) = router.match(.get, Fields("/hiera/a")) else {
            Issue.record("no route found")
            return
        }
        #expect(parameters["certname"] == "a")
        #expect(parameters["other"] == nil)
    }

    @Test("two spellings of a path find the same, with the same values")
    func spellings() {
        for path in ["/hiera/a.b", "/hiera/a.b/", "/hiera/%61%2Eb", "/%68iera/a.b"] {
            #expect(find(.get, path) == "GET /hiera/{certname} certname=a.b")
        }
        #expect(find(.get, "/hiera/\u{e9}") == find(.get, "/hiera/%C3%A9"))
        #expect(find(.post, "/v1/tree/a%3Acopy") == find(.post, "/v1/tree/a:copy"))
    }
}

extension Fields {
    /// Those of a path alone.
    fileprivate convenience init(_ path: String) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: path.utf8.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: path.utf8)
        self.init(UnsafeRawBufferPointer(copy))
    }
}
