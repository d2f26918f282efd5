import Access
import OrderedCollections
import Testing
import Tree

/// Every role, every right and every place, by each way in: each cell is one request, and what it has to answer is looked up
/// in two short tables.
@Suite("Roles and places")
struct PlaceTests {
    /// What each of the people holds where his role does. Each has a tree of his own, which the others have nothing in.
    private static let rights: OrderedDictionary<String, Set<Right>> = [
        "nobody": [],
        "reader": [.view],
        "user": [.view, .start, .stop, .create, .destroy, .console],
        "manager": [.view, .createFolder, .edit, .delete, .start, .stop, .create, .destroy, .console, .grant],
        "narrowed": [.view, .edit],
        "trusted": [.view, .createFolder, .edit, .delete, .start, .stop, .create, .destroy, .console, .grant, .trust],
    ]

    /// Whether the role holds at each place. It is given at `/tree/own` and, as what has it within itself, at `/tree/tagged`
    /// and at `/tree/model`.
    private static let places: OrderedDictionary<String, Bool> = [
        "": false, "/own": true, "/own/child": true, "/own/child/deep": true, "/sibling": false,
        // Moved into the own folder, out of it, and with the role in it.
        "/own/came": true, "/left": false, "/moved": true,
        // Copied out of the own folder, into it, and with the role in it.
        "/copy-of-own": false, "/own/copy": true, "/copy-with-role": true,
    ]

    /// A request that takes one right and no other but to view.
    private static func request(_ right: Right, at place: String) -> MatrixRequest? {
        let at = "/v1/tree\(place)"
        switch right {
        case .view: return MatrixRequest("GET", "/v1/computed\(place)")
        case .createFolder: return MatrixRequest("PUT", "\(at)/new", ["kind": "folder", "definition": [:]])
        case .edit: return MatrixRequest("PATCH", at, ["vars": ["n": 1]])
        case .delete: return MatrixRequest("DELETE", "\(at)/gone")
        case .start: return MatrixRequest("POST", "\(at):start")
        case .stop: return MatrixRequest("POST", "\(at):stop")
        case .create: return MatrixRequest("POST", "\(at):create")
        case .destroy: return MatrixRequest("POST", "\(at):destroy")
        case .console: return MatrixRequest("GET", "\(at):console")
        case .grant: return MatrixRequest("PATCH", at, ["access": ["readers": ["guest"]]])
        case .trust: return MatrixRequest("PATCH", at, ["images": ["new": ["file": "/srv/new.qcow2"]]])
        // No route asks for these.
        case .viewSecrets, .snapshot: return nil
        }
    }

    /// How somebody shows who he is.
    enum Way: String, CaseIterable {
        case token, tokenAsPassword, session

        func key(of name: String, _ site: Site) async throws -> Key {
            let token = site.tokens[name] ?? ""
            switch self {
            case .token: return .bearer(token)
            case .tokenAsPassword: return .basic("token", token)
            case .session:
                let password = "\(name)'s own pass phrase"
                try await site.addUser(name, password)
                return .bearer(try #require(try await site.logIn(name, password)["access_token"]?.string))
            }
        }
    }

    @Test("allow what the tables say and nothing else, in every cell", arguments: Way.allCases)
    func cells(_ way: Way) async throws {
        var cells = 0
        // Who has a token is known by it, and is no user.
        try await Site.with(people: way == .session ? [] : Array(Self.rights.keys)) { site in
            for name in Self.rights.keys { try await Self.plant(name, site) }
            for (name, rights) in Self.rights {
                let key = try await way.key(of: name, site)
                for (place, holds) in Self.places {
                    for right in Right.allCases {
                        guard let request = Self.request(right, at: "/\(name)\(place)") else { continue }
                        let reply = try await request.reply(of: site.unknown, key.header)
                        cells += 1
                        let cell: Comment = "\(name) \(right) at /\(name)\(place): \(reply.status) \(reply.text)"
                        if !holds || !rights.contains(.view) {
                            #expect(reply.status == 404, cell)
                        } else if !rights.contains(right) {
                            #expect(reply.status == 403, cell)
                        } else {
                            // A folder has no console.
                            #expect(right == .console ? reply.status == 409 : reply.status / 100 == 2, cell)
                        }
                    }
                }
            }
        }
        #expect(cells == Self.rights.count * Self.places.count * 11)
    }

    /// Plants the tree of one of the people.
    private static func plant(_ name: String, _ site: Site) async throws {
        var access: Map = [:]
        switch name {
        case "nobody": break
        case "reader", "user": access["\(name)s"] = [.string(name)]
        default:
            access["managers"] = [.string(name)]
            if name != "manager" {
                access["may"] = ["manager": .list((rights[name] ?? []).map { .string($0.rawValue) })]
            }
        }
        var entries: [Value] = []
        func plant(_ path: String, _ definition: Map = [:], kind: String = "folder") {
            entries.append(["path": .string("/\(name)\(path)"), "kind": .string(kind), "definition": .map(definition)])
        }
        let role: Map = access.isEmpty ? [:] : ["access": .map(access)]
        plant(
            "", ["hypervisor": "m", "hypervisors": ["m": ["driver": "memory"]], "domain": .string("\(name).example")])
        for path in ["/own", "/tagged", "/model"] { plant(path, role) }
        for path in ["/own/child", "/own/child/deep", "/sibling", "/comes", "/own/leaves"] { plant(path) }
        for entry in entries {
            guard let path = entry.map?["path"]?.string?.dropFirst(name.count + 1) else { continue }
            plant("\(path)/gone")
            plant("\(path)/vm", kind: "vm")
        }
        let applied = try await site.post("/v1/apply", ["entries": .list(entries)])
        try #require(applied.status == 200, "\(applied.text)")
        for (verb, from, to) in [
            ("move", "/comes", "/own/came"), ("move", "/own/leaves", "/left"), ("move", "/tagged", "/moved"),
            ("copy", "/own/child", "/copy-of-own"), ("copy", "/sibling", "/own/copy"),
            ("copy", "/model", "/copy-with-role"),
        ] {
            let done = try await site.post("/v1/tree/\(name)\(from):\(verb)", ["to": .string("/\(name)\(to)")])
            try #require(done.status == 201, "\(done.text)")
        }
    }
}
