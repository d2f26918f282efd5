import Access
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What may not be viewed")
struct NoTraceTests {
    @Test("leaves no trace in any answer, whatever becomes of it, but in the number of revisions")
    func changes() async throws {
        var random = Seeded()
        for _ in 0..<3 {
            let sample = RandomSite(&random)
            try await Site.with(people: RandomSite.names) { site in
                try await site.begin(with: sample.entries, "\(random)")
                for name in RandomSite.names {
                    let hidden = sample.hidden(from: name)
                    guard let folder = hidden.first(where: { $0.kind == .folder })?.path else { continue }
                    let person = site.acting(as: name)
                    let before = try await answers(person, sample)
                    try await change(hidden, below: folder.isRoot ? "" : "\(folder)", as: name, site)
                    try expect(try await answers(person, sample), before, "\(name), changed; \(random)")
                    guard !folder.isRoot else { continue }
                    let deleted = try await site.delete("/v1/tree\(folder)?recursive&destroy&force")
                    try #require(deleted.status == 204, "\(deleted.text); \(random)")
                    try expect(try await answers(person, sample), before, "\(name), deleted \(folder); \(random)")
                    break
                }
            }
        }
    }

    @Test("makes no answer differ from those of a tree in which it is not, whether one reads, plans or acts")
    func absence() async throws {
        var random = Seeded()
        var told = 0
        for _ in 0..<6 {
            let sample = RandomSite(&random)
            let name = random.pick(RandomSite.names)
            let hidden = Set(sample.hidden(from: name).map(\.path))
            let rest = sample.entries.filter { !hidden.contains($0.path) }
            guard !hidden.isEmpty, !rest.isEmpty else { continue }
            told += 1
            var all: [[String: String]] = []
            for entries in [sample.entries, rest] {
                try await Site.with(people: [name]) { site in
                    try await site.begin(with: entries, "\(random)")
                    let person = site.acting(as: name)
                    var found = try await answers(person, sample)
                    found.merge(try await deeds(person, rest)) { $1 }
                    found.merge(try await answers(person, sample).map { ("then \($0)", $1) }) { $1 }
                    all.append(found)
                }
            }
            try expect(all[0], all[1], "\(name); \(random)")
        }
        #expect(told > 0, "nothing was hidden; \(random)")
    }

    private func expect(_ found: [String: String], _ expected: [String: String], _ what: String) throws {
        try #require(found.count == expected.count)
        for (target, answer) in expected { #expect(found[target] == answer, "\(target); \(what)") }
    }

    /// All that somebody can read, by what he asks for.
    private func answers(_ person: Site, _ sample: RandomSite) async throws -> [String: String] {
        var targets = [
            "/ansible", "/ansible?vars=none", "/ansible/vars", "/v1/problems", "/v1/revisions", "/v1/revisions?limit=1",
            "/v1/operations", "/v1/unmanaged", "/v1/images", "/v1/whoami", "/metrics", "/v1/operations/1",
            "/v1/tree/?recursive=true", "/v1/tree/?recursive=true&selector=kind=vm", "/v1/tree/?recursive=true&limit=2",
            "/v1/revisions/2", "/v1/tree/?recursive=true&at=2", "/ansible?at=2",
        ]
        for entry in sample.entries {
            let path = entry.path.isRoot ? "/" : "\(entry.path)"
            targets += ["tree", "computed", "explain", "access"].map { "/v1/\($0)\(path)" }
            targets += ["/v1/tree\(path)?recursive=true", "/v1/revisions?path=\(path)", "/ansible?folder=\(path)"]
            targets += ["/v1/tree\(path)?at=2", "/v1/explain\(path)?blame", "/v1/revisions?path=\(path)&machine"]
            guard entry.kind == .vm else { continue }
            let certname = entry.path.segments.reversed().joined(separator: ".") + ".t.example"
            targets += ["enc", "hiera", "pillar", "salt/top", "ansible/hosts"].map { "/\($0)/\(certname)" }
        }
        var answers: [String: String] = [:]
        for target in targets { answers[target] = try await person.get(target).comparable }
        return answers
    }

    /// Plans, copies, writes and verbs, with what is answered.
    private func deeds(_ person: Site, _ entries: [Entry]) async throws -> [String: String] {
        var answers: [String: String] = [:]
        for entry in entries {
            let path = entry.path.isRoot ? "/" : "\(entry.path)"
            let patch: Map = ["vars": ["p": 1]]
            answers["plan \(path)"] =
                try await person.post("/v1/plan", ["patch": .string(path), "definition": .map(patch)]).comparable
            answers["patch \(path)"] = try await person.patch("/v1/tree\(path)", .map(patch)).comparable
            answers["copy \(path)"] =
                try await person.post("/v1/tree\(path):copy", ["to": .string("\(path)-copy")]).comparable
            for verb in ["create", "start", "reconcile"] {
                let reply = try await person.post("/v1/tree\(path):\(verb)")
                answers["\(verb) \(path)"] = reply.comparable
                guard let operation = reply.header("Location") else { continue }
                answers["\(verb) \(path) ended"] = try await person.get("\(operation)?wait=60").comparable
            }
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

extension RandomSite {
    /// What somebody neither sees nor finds on his way, with all that is below it.
    fileprivate func hidden(from name: String) -> [Entry] {
        let standing = Standing(Principal(name: name, .granted(groups: [])), snapshot.policy)
        return entries.filter { !standing.finds($0.path) }
    }
}

extension Site {
    fileprivate func begin(with entries: [Entry], _ what: String) async throws {
        let applied = try await post("/v1/apply?force", RandomSite.body(of: entries))
        try #require(applied.status == 200 && applied.revision == 2, "\(applied.text); \(what)")
    }
}

extension Reply {
    /// All that is answered but for times, random identities, and how many revisions there are.
    fileprivate var comparable: String {
        let body = text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "TIME")
            .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
        var varying: Set = ["X-Headwater-Revision", "Date", "Content-Length"]
        if body != text { varying.insert("ETag") }
        let headers = headers.filter { !varying.contains($0.name) }.map { "\($0.name): \($0.value)" }.sorted()
        return "\(status) \(headers) " + body.replacing(/the newest is [0-9]+/, with: "")
    }
}
