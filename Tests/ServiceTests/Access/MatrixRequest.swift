import Access
import Formats
import OrderedCollections
import Testing
import Tree

/// A request that a route grants to whoever may make it, whatever others were made before on the same site.
struct MatrixRequest: Sendable {
    let method: String
    let target: String
    var body: Value?

    init(_ method: String, _ target: String, _ body: Value? = nil) {
        self.method = method
        self.target = target
        self.body = body
    }

    func reply(of site: Site, _ headers: (String, String)...) async throws -> Reply {
        try await site.send(
            method, target, [("Content-Type", "application/json")] + headers,
            body: body.map { JSON.encode($0) } ?? [])
    }

    /// By the route's method and pattern.
    static let all: [String: MatrixRequest] = {
        var all = Dictionary(uniqueKeysWithValues: plain.map { ("\($0.method) \($0.route)", $0.request) })
        for verb in verbs {
            all["POST /v1/tree/{path...}:\(verb)"] = MatrixRequest("POST", "/v1/tree/so/verbs/\(verb):\(verb)")
        }
        return all
    }()

    private static let verbs = [
        "create", "start", "stop", "poweroff", "reboot", "reset", "pause", "resume", "destroy", "rebuild", "reconcile",
        "release",
    ]

    private struct Plain {
        let method: String
        let route: String
        let request: MatrixRequest

        init(_ method: String, _ route: String, _ target: String, _ body: Value? = nil) {
            self.method = method
            self.route = route
            request = MatrixRequest(method, target, body)
        }
    }

    private static let plain: [Plain] = [
        Plain("GET", "/enc/{certname}", "/enc/web.so.lab.example"),
        Plain("GET", "/hiera/{certname}", "/hiera/web.so.lab.example"),
        Plain("GET", "/hiera/{certname}/{key}", "/hiera/web.so.lab.example/course"),
        Plain("GET", "/ansible", "/ansible?folder=/so"),
        Plain("GET", "/ansible/hosts/{certname}", "/ansible/hosts/web.so.lab.example"),
        Plain("GET", "/ansible/vars", "/ansible/vars?folder=/so"),
        Plain("GET", "/pillar/{certname}", "/pillar/web.so.lab.example"),
        Plain("GET", "/salt/top/{certname}", "/salt/top/web.so.lab.example"),
        Plain("GET", "/v1/tree/{path...}", "/v1/tree/so/web"),
        Plain("GET", "/v1/computed/{path...}", "/v1/computed/so/web"),
        Plain("GET", "/v1/explain/{path...}", "/v1/explain/so/web"),
        Plain("GET", "/v1/problems", "/v1/problems"),
        Plain("GET", "/v1/revisions", "/v1/revisions?path=/so"),
        Plain("GET", "/v1/revisions/{number}", "/v1/revisions/3"),
        Plain("POST", "/v1/revisions/{number}:revert", "/v1/revisions/3:revert"),
        Plain("PUT", "/v1/tree/{path...}", "/v1/tree/so/put", ["kind": "vm", "definition": ["vars": ["new": 1]]]),
        Plain("PATCH", "/v1/tree/{path...}", "/v1/tree/so/patch", ["vars": ["new": 1]]),
        Plain("DELETE", "/v1/tree/{path...}", "/v1/tree/so/delete"),
        Plain("POST", "/v1/tree/{path...}:copy", "/v1/tree/so/web:copy", ["to": "/so/copied"]),
        Plain("POST", "/v1/tree/{path...}:move", "/v1/tree/so/move:move", ["to": "/so/moved"]),
        Plain(
            "POST", "/v1/apply", "/v1/apply",
            ["root": "/so", "entries": [["path": "/so/applied", "kind": "vm", "definition": [:]]]]),
        Plain("POST", "/v1/plan", "/v1/plan", ["patch": "/so/web", "definition": ["vars": ["new": 1]]]),
        Plain(
            "POST", "/v1/tree/{path...}:adopt", "/v1/tree/so/adopted:adopt",
            ["hypervisor": "t", "uuid": "6695eb01-f6a4-8304-79aa-97f2502e193f"]),
        Plain("GET", "/v1/unmanaged", "/v1/unmanaged"),
        Plain("GET", "/v1/tree/{path...}:console", "/v1/tree/so/verbs/reconcile:console"),
        Plain("GET", "/v1/images", "/v1/images"),
        Plain("GET", "/v1/events", "/v1/events"),
        Plain("GET", "/v1/operations", "/v1/operations"),
        Plain("GET", "/v1/operations/{id}", "/v1/operations/1"),
        Plain("DELETE", "/v1/operations/{id}", "/v1/operations/1"),
        Plain("GET", "/v1/access/{path...}", "/v1/access/so"),
        Plain("GET", "/v1/whoami", "/v1/whoami"),
        Plain("GET", "/v1/users", "/v1/users"),
        Plain("GET", "/v1/users/{name}", "/v1/users/eva"),
        Plain("POST", "/v1/users", "/v1/users", ["name": "new"]),
        Plain("PATCH", "/v1/users/{name}", "/v1/users/eva", ["superuser": true]),
        Plain("DELETE", "/v1/users/{name}", "/v1/users/eva"),
        Plain("GET", "/v1/groups", "/v1/groups"),
        Plain("GET", "/v1/groups/{name}", "/v1/groups/staff"),
        Plain("POST", "/v1/groups", "/v1/groups", ["name": "new"]),
        Plain("PATCH", "/v1/groups/{name}", "/v1/groups/staff", ["members": []]),
        Plain("DELETE", "/v1/groups/{name}", "/v1/groups/staff"),
        Plain("GET", "/v1/tokens", "/v1/tokens"),
        Plain("GET", "/v1/tokens/{id}", "/v1/tokens/1"),
        Plain("POST", "/v1/tokens", "/v1/tokens", [:]),
        Plain("DELETE", "/v1/tokens/{id}", "/v1/tokens/2"),
        Plain("POST", "/oauth/token", "/oauth/token", [:]),
        Plain("GET", "/v1/audit", "/v1/audit"),
        Plain("GET", "/healthz", "/healthz"),
        Plain("GET", "/readyz", "/readyz"),
        Plain("GET", "/metrics", "/metrics"),
        Plain("GET", "/openapi.json", "/openapi.json"),
    ]
}

extension MatrixRequest {
    /// Everybody has his role at `/so`, but for the neighbour, who has his at `/ai`.
    static let tree = """
        entries:
          - path: /
            kind: folder
            definition:
              domain: lab.example
              hypervisor: m
              hypervisors: {m: {driver: memory}, t: {driver: libvirt, uri: "test:///default"}}
          - path: /so
            kind: folder
            definition:
              vars: {course: SO}
              access: {readers: [reader], users: [user], managers: [manager]}
          - {path: /so/web, kind: vm, definition: {}}
          - {path: /so/put, kind: vm, definition: {}}
          - {path: /so/patch, kind: vm, definition: {}}
          - {path: /so/delete, kind: vm, definition: {}}
          - {path: /so/move, kind: vm, definition: {}}
          - {path: /so/revert, kind: vm, definition: {}}
          - {path: /so/verbs, kind: folder, definition: {}}
          - {path: /ai, kind: folder, definition: {access: {managers: [neighbour]}}}
          - {path: /ai/gpu, kind: vm, definition: {}}
        """

    /// Makes the revision that is reverted, and brings each machine into the state that its verb asks for.
    static func prepare(_ site: Site) async throws {
        let changed = try await site.patch("/v1/tree/so/revert", ["vars": ["old": 1]])
        try #require(changed.revision == 3, "\(changed.text)")
        for (things, name) in [("users", "eva"), ("groups", "staff")] {
            let made = try await site.post("/v1/\(things)", ["name": .string(name)])
            try #require(made.status == 201, "\(made.text)")
        }
        for verb in verbs {
            let made = try await site.put("/v1/tree/so/verbs/\(verb)", ["kind": "vm", "definition": [:]])
            try #require(made.status == 201, "\(made.text)")
        }
        let running = ["stop", "poweroff", "reboot", "reset", "pause", "resume", "reconcile"]
        for verb in ["start", "destroy", "rebuild", "release"] + running {
            try #require(try await site.run("create", "/so/verbs/\(verb)")["state"] == "done")
        }
        for verb in running { try #require(try await site.run("start", "/so/verbs/\(verb)")["state"] == "done") }
        try #require(try await site.run("pause", "/so/verbs/resume")["state"] == "done")
    }

    /// Makes a manager of the whole tree who has every right there.
    static func trust(_ name: String, _ site: Site) async throws {
        let rights = Right.allCases.map { Value.string($0.rawValue) }
        let access: Value = ["managers": [.string(name)], "may": ["manager": .list(rights)]]
        let written = try await site.patch("/v1/tree/common", ["access": access])
        try #require(written.status == 200, "\(written.text)")
    }
}
