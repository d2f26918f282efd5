import Access
import Formats
import HashTreeCollections
import OrderedCollections
import Testing
import Tree

@testable import Service

/// Everything that can be asked of a place, side by side: where something is hidden from who asks, and where nothing is.
@Suite("A place that is hidden")
struct HiddenPlaceTests {
    @Test(
        "is answered for as one where nothing is, but that it cannot be written to by who could write there",
        arguments: Courses.people)
    func sideBySide(_ name: String) async throws {
        try await Courses.with { site async throws in
            let snapshot = try Courses.snapshot(of: try #require(try await site.get("/v1/whoami").revision))
            let standing = Standing(Principal(name: name, .granted(groups: [])), snapshot.policy)
            let person = site.acting(as: name)
            var (cells, limits) = (0, 0)
            for (place, path) in hidden(from: standing, snapshot).enumerated() {
                for (number, ask) in Ask.all.enumerated() {
                    let (absent, boundary) = try path.renamed("n\(place)-\(number)", after: standing)
                    if let source = try ask.source.map(Path.init), boundary.contains(source) { continue }
                    let there = try await ask.reply(person, path, from: boundary, revision: snapshot.revision)
                    let not = try await ask.reply(person, absent, from: boundary, revision: snapshot.revision)
                    cells += 1
                    if there == not { continue }
                    // What the documentation names as a limit.
                    let couldWrite = standing.asIfFree(path).may(.edit, at: path)
                    limits += 1
                    #expect(
                        ask.isWrite && couldWrite && there.hasPrefix("404 "),
                        "\(name): \(ask.name) at \(path): \(there)\nbut at \(absent): \(not)")
                }
            }
            #expect(cells > 200 && limits < cells / 4, "\(limits) of \(cells)")
        }
    }

    /// Two places that somebody does not find: one next to what he sees, if there is one, and one deeper.
    private func hidden(from standing: Standing, _ snapshot: Snapshot) -> [Path] {
        var places: [Path] = []
        snapshot.tree.root.walk { if !standing.finds($0.entry.path) { places.append($0.entry.path) } }
        let near = places.filter { standing.hidden(onTheWayTo: $0) != nil }
        let first = near.first ?? places.first
        return places.filter { $0 == first || $0.parent == first }.prefix(2).map { $0 }
    }
}

extension Courses {
    /// The tree as the service has it.
    fileprivate static func snapshot(of revision: Int) throws -> Snapshot {
        let listed = try YAML.decode(Array(tree.utf8)).map?["entries"]?.list ?? []
        let entries = try listed.compactMap(\.map).map { entry in
            Entry(
                kind: entry["kind"] == "vm" ? .vm : .folder, path: try Path(entry["path"]?.string ?? ""),
                definition: entry["definition"]?.map ?? [:], revision: revision)
        }
        return Snapshot(revision: revision, entries: entries, records: [:])
    }
}

extension Path {
    /// The same path with the first of its places that somebody does not find called otherwise, and that place.
    fileprivate func renamed(_ name: String, after standing: Standing) throws -> (path: Path, boundary: Path) {
        var (path, boundary) = (Path.root, self)
        for segment in segments {
            let next = try path.appending(segment)
            let isFound = boundary != self || standing.finds(next)
            if !isFound { boundary = next }
            path = isFound ? next : try path.appending(name)
        }
        return (path, boundary)
    }
}

/// Something that is asked about a place.
private struct Ask: Sendable {
    let name: String
    /// Whether it would write to the place.
    var isWrite = false
    /// What would be written there, if it is something that stands elsewhere.
    var source: String?
    var headers: [(String, String)] = []
    let request: @Sendable (_ path: String, _ revision: Int) -> MatrixRequest

    /// The answer in which the place is not told by its own name.
    func reply(_ site: Site, _ path: Path, from boundary: Path, revision: Int) async throws -> String {
        let request = request("\(path)", revision)
        let reply = try await site.send(
            request.method, request.target, [("Content-Type", "application/json")] + headers,
            body: request.body.map { JSON.encode($0) } ?? [])
        let varying: Set = ["X-Headwater-Revision", "Date", "Content-Length", "ETag"]
        let heads = reply.headers.filter { !varying.contains($0.name) }.map { "\($0.name): \($0.value)" }.sorted()
        var text = "\(reply.status) \(heads) \(reply.text)"
        for place in sequence(first: path, next: \.parent).prefix(path.depth - boundary.depth + 1) {
            text = text.replacing("\(place)", with: "PLACE-\(place.depth)")
                .replacing(place.hostname, with: "NAME-\(place.depth)")
        }
        return text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "TIME")
            .replacing(/[0-9]+-[0-9a-f]{16}/, with: "PLAN").replacing(/revision [0-9]+/, with: "REVISION")
            .replacing(/"revision":[0-9]+/, with: "REVISION")
    }

    static let all: [Ask] = reads + verbs + writes + plans

    private static let reads: [Ask] =
        [
            "/v1/tree@", "/v1/tree@?recursive", "/v1/tree@?fields=none", "/v1/tree@/common", "/v1/computed@",
            "/v1/computed@?at=1", "/v1/explain@", "/v1/explain@?key=vars..", "/v1/explain@?as=none", "/v1/access@",
            "/v1/access@?principal=alice", "/v1/revisions?path=@", "/v1/revisions?path=@&machine",
            "/v1/revisions/1?path=@",
            "/v1/operations?path=@", "/ansible?folder=@", "/ansible/vars?folder=@",
            "/v1/tree@:console",
        ].map { target in
            Ask(name: "GET \(target)") { path, _ in MatrixRequest("GET", target.replacing("@", with: path)) }
        }
        + ["enc", "hiera", "pillar", "salt/top", "ansible/hosts"].map { tool in
            Ask(name: "GET /\(tool)") { path, _ in
                let labels = path.split(separator: "/").reversed().joined(separator: ".")
                return MatrixRequest("GET", "/\(tool)/\(labels).lab.example")
            }
        }

    private static let verbs = [
        "create", "start", "start?keep=perhaps", "stop?grace=none", "poweroff", "reboot", "reset", "pause", "resume",
        "destroy", "rebuild", "reconcile", "release", "start?selector=kind", "start?selector=(", "revert",
    ].map { verb in Ask(name: verb) { path, _ in MatrixRequest("POST", "/v1/tree\(path):\(verb)") } }

    private static let bodies: [(String, Value)] = [
        ("a machine", ["kind": "vm", "definition": ["vars": ["a": 1]]]),
        ("a folder", ["kind": "folder", "definition": [:]]),
        ("nothing", [:]), ("nonsense", ["definition": ["vras": 1]]), ("no map", [1]),
        ("what needs trust", ["kind": "vm", "definition": ["ansible": ["user": "root"]]]),
        ("what needs grant", ["kind": "folder", "definition": ["access": ["users": ["nobody"]]]]),
    ]
    private static let writes: [Ask] = puts + conditional + deletions + transplants + others

    private static let puts: [Ask] = bodies.flatMap { name, body in
        var asks = ["", "?parents", "?force"].map { query in
            Ask(name: "put \(name)\(query)", isWrite: true) { path, _ in
                MatrixRequest("PUT", "/v1/tree\(path)\(query)", body)
            }
        }
        asks.append(
            Ask(name: "put \(name) in common", isWrite: true) { path, _ in
                MatrixRequest("PUT", "/v1/tree\(path)/common", body.map?["definition"] ?? body)
            })
        asks.append(Ask(name: "patch \(name)") { path, _ in MatrixRequest("PATCH", "/v1/tree\(path)", body) })
        return asks
    }

    private static let conditional: [Ask] = [("If-Match", "\"none\""), ("If-None-Match", "*")].flatMap { condition in
        [
            Ask(name: "put \(condition)", isWrite: true, headers: [condition]) { path, _ in
                MatrixRequest("PUT", "/v1/tree\(path)", bodies[0].1)
            },
            Ask(name: "patch \(condition)", headers: [condition]) { path, _ in
                MatrixRequest("PATCH", "/v1/tree\(path)", ["vars": ["a": 1]])
            },
            Ask(name: "delete \(condition)", headers: [condition]) { path, _ in
                MatrixRequest("DELETE", "/v1/tree\(path)")
            },
            Ask(name: "start \(condition)", headers: [condition]) { path, _ in
                MatrixRequest("POST", "/v1/tree\(path):start")
            },
        ]
    }

    private static let deletions = ["", "?recursive", "?recursive&destroy", "?recursive=perhaps"].map { query in
        Ask(name: "delete\(query)") { path, _ in MatrixRequest("DELETE", "/v1/tree\(path)\(query)") }
    }

    private static let transplants: [Ask] = ["copy", "move"].flatMap { verb in
        var asks = [
            Ask(name: verb) { path, _ in MatrixRequest("POST", "/v1/tree\(path):\(verb)", ["to": "/courses/so/to"]) },
            Ask(name: "\(verb) nowhere") { path, _ in MatrixRequest("POST", "/v1/tree\(path):\(verb)", [:]) },
        ]
        for from in ["/courses/so/alice/web", "/courses/so/alice", "/customers/carl/shop", "/none"] {
            asks.append(
                Ask(name: "\(verb) \(from) to", isWrite: true, source: from) { path, _ in
                    MatrixRequest("POST", "/v1/tree\(from):\(verb)", ["to": .string(path)])
                })
        }
        return asks
    }

    private static let vms: [Value] = [
        ["hypervisor": "t", "uuid": "6695eb01-f6a4-8304-79aa-97f2502e193f"], ["hypervisor": "none", "uuid": "1"], [:],
    ]

    private static let others: [Ask] =
        vms.map { body in
            Ask(name: "adopt \(body)", isWrite: true) { path, _ in MatrixRequest("POST", "/v1/tree\(path):adopt", body)
            }
        }
        + changes.map { name, body in
            Ask(name: "apply \(name)", isWrite: true) { path, revision in
                MatrixRequest("POST", "/v1/apply", body(path, revision))
            }
        }

    private static let changes: [(String, @Sendable (String, Int) -> Value)] = {
        @Sendable func entries(_ path: String, _ definition: Value, _ kind: String = "vm") -> Value {
            [["path": .string(path), "kind": .string(kind), "definition": definition]]
        }
        return [
            ("a machine", { path, _ in ["entries": entries(path, [:])] }),
            ("a folder", { path, _ in ["entries": entries(path, [:], "folder")] }),
            ("nonsense", { path, _ in ["entries": entries(path, ["vras": 1])] }),
            ("what needs trust", { path, _ in ["entries": entries(path, ["images": [:]])] }),
            ("what needs grant", { path, _ in ["entries": entries(path, ["access": [:]])] }),
            ("below", { path, _ in ["entries": entries("\(path)/new", [:])] }),
            ("as root", { path, _ in ["root": .string(path), "entries": []] }),
            ("as root, pruned", { path, _ in ["root": .string(path), "entries": [], "prune": true] }),
            (
                "as root, with a machine",
                { path, _ in ["root": .string(path), "entries": entries("\(path)/new", [:])] }
            ),
            ("new", { path, _ in ["entries": entries(path, [:]), "new": true] }),
            ("since", { path, revision in ["entries": entries(path, [:]), "base": .integer(revision)] }),
            (
                "since, pruned",
                { path, revision in
                    ["root": .string(path), "entries": [], "base": .integer(revision), "prune": true]
                }
            ),
            (
                "since, ours",
                { path, revision in ["entries": entries(path, [:]), "base": .integer(revision), "ours": true] }
            ),
        ]
    }()

    private static let plannedChanges: [(String, Bool, @Sendable (String) -> Value)] = [
        ("put", true, { ["put": .string($0), "kind": "vm", "definition": [:]] }),
        ("put without kind", true, { ["put": .string($0), "definition": [:]] }),
        ("put with parents", true, { ["put": .string($0), "kind": "vm", "parents": true] }),
        ("patch", false, { ["patch": .string($0), "definition": ["vars": ["a": 1]]] }),
        ("patch common", false, { ["patch": .string("\($0)/common"), "definition": ["vars": ["a": 1]]] }),
        ("delete", false, { ["delete": .string($0), "recursive": true, "destroy": true] }),
        ("move", false, { ["move": .string($0), "to": "/courses/so/to"] }),
        ("copy", false, { ["copy": .string($0), "to": "/courses/so/to"] }),
        ("move to", true, { ["move": "/courses/so/alice/web", "to": .string($0)] }),
        ("copy to", true, { ["copy": "/courses/so/alice/web", "to": .string($0)] }),
    ]

    private static let plans: [Ask] =
        plannedChanges.map { name, isWrite, body in
            let source = name.hasSuffix(" to") ? "/courses/so/alice/web" : nil
            return Ask(name: "plan \(name)", isWrite: isWrite, source: source) { path, _ in
                MatrixRequest("POST", "/v1/plan", body(path))
            }
        }
        + changes.map { name, body in
            Ask(name: "plan apply \(name)", isWrite: true) { path, revision in
                MatrixRequest("POST", "/v1/plan", body(path, revision))
            }
        }
}
