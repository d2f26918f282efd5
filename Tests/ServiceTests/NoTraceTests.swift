import Access
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What may not be viewed")
struct NoTraceTests {
    @Test("leaves no trace in any answer, whatever becomes of it, but in the number of revisions")
    func noTrace() async throws {
        var random = Seeded()
        for _ in 0..<4 {
            let sample = RandomSite(&random)
            try await Site.with(people: RandomSite.names) { site in
                let applied = try await site.post("/v1/apply?force", sample.body)
                try #require(applied.status == 200, "\(applied.text); \(random)")
                for name in RandomSite.names {
                    let standing = Standing(Principal(name: name, .granted(groups: [])), sample.snapshot.policy)
                    let hidden = sample.entries.filter { !standing.finds($0.path) }
                    guard let folder = hidden.filter({ $0.kind == .folder }).first else { continue }
                    let person = site.acting(as: name)
                    let before = try await answers(person, sample)
                    try await change(hidden, below: folder.path.isRoot ? "" : "\(folder.path)", as: name, site)
                    let after = try await answers(person, sample)
                    for (target, answer) in before {
                        #expect(after[target] == answer, "\(name): GET \(target); \(random)")
                    }
                }
            }
        }
    }

    /// All that somebody can read, by what he asks for.
    private func answers(_ person: Site, _ sample: RandomSite) async throws -> [String: String] {
        var targets = [
            "/ansible", "/ansible?vars=none", "/ansible/vars", "/v1/problems", "/v1/revisions", "/v1/revisions?limit=1",
            "/v1/operations", "/v1/unmanaged", "/v1/whoami", "/v1/tree/?recursive=true", "/metrics", "/v1/operations/1",
            "/v1/tree/?recursive=true&selector=kind=vm", "/v1/tree/?recursive=true&limit=2", "/v1/revisions/2",
            "/v1/tree/?recursive=true&at=2",
        ]
        for entry in sample.entries {
            let path = entry.path.isRoot ? "/" : "\(entry.path)"
            targets += ["tree", "computed", "explain", "access"].map { "/v1/\($0)\(path)" }
            targets += ["/v1/tree\(path)?recursive=true", "/v1/revisions?path=\(path)", "/ansible?folder=\(path)"]
            let certname = entry.path.segments.reversed().joined(separator: ".") + ".t.example"
            targets += ["enc", "hiera", "pillar", "salt/top", "ansible/hosts"].map { "/\($0)/\(certname)" }
        }
        var answers: [String: String] = [:]
        for target in targets {
            let reply = try await person.get(target)
            let headers = reply.headers.filter {
                !["X-Headwater-Revision", "Date", "Content-Length"].contains($0.name)
            }
            answers[target] =
                "\(reply.status) \(headers.map { "\($0.name): \($0.value)" }.sorted()) "
                + reply.text.replacing(/the newest is [0-9]+/, with: "")
        }
        return answers
    }

    /// Does to what is hidden all that can be done.
    private func change(_ hidden: [Entry], below folder: String, as name: String, _ site: Site) async throws {
        let made = try await site.put("/v1/tree\(folder)/new-\(name)?force", ["kind": "vm", "definition": [:]])
        try #require(made.status == 201, "\(made.text)")
        let accepted = try await site.post("/v1/tree\(folder)/new-\(name):create")
        if let operation = accepted.header("Location") { _ = try await site.get("\(operation)?wait=60") }
        _ = try await site.put("/v1/tree\(folder)/dir-\(name)", ["kind": "folder", "definition": ["access": [:]]])
        _ = try await site.post("/v1/tree\(folder)/new-\(name):copy", ["to": .string("\(folder)/dir-\(name)/copy")])
        _ = try await site.post("/v1/tree\(folder)/dir-\(name):move", ["to": .string("\(folder)/moved-\(name)")])
        _ = try await site.delete("/v1/tree\(folder)/moved-\(name)/copy")
        for entry in hidden.prefix(3) {
            _ = try await site.patch("/v1/tree\(entry.path)?message=secret", ["vars": ["changed": "${{ vars.gone"]])
            _ = try await site.patch("/v1/tree\(entry.path)?force", ["vars": ["changed": "${{ vars.gone }}"]])
        }
    }
}
