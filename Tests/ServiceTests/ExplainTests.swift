import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Explaining a machine")
struct ExplainTests {
    @Test("names for a key the level that won, what it overrode, and who wrote these last")
    func key() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common?message=exam", ["vars": ["site": "south"]])
            let reply = try await site.get("/v1/explain/so/ana/web?key=vars.site")
            #expect(reply.status == 200)
            #expect(reply["path"] == "/so/ana/web" && reply["certname"] == .string(Trees.web) && reply["revision"] == 3)
            #expect(
                reply["values"] == [
                    [
                        "key": "vars.site", "value": "south", "from": "/so/common",
                        "overrode": [["from": "/common", "value": "north"]],
                    ]
                ])
            let layers = try #require(reply["layers"]?.map)
            #expect(layers.keys.sorted() == ["/common", "/so/common"])
            let nearest = try #require(layers["/so/common"]?.map)
            #expect(nearest["path"] == "/so" && nearest["revision"] == 3 && nearest["principal"] == "ana")
            #expect(nearest["message"] == "exam")
            #expect(nearest["time"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test("names prototypes, references and joined lists")
    func parts() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/explain/so/ana/web?key=vars")
            let values = reply.explained
            #expect(
                values["vars.role"] == [
                    "key": "vars.role", "value": "web", "from": "/common (prototype web)", "overrode": [],
                ])
            #expect(reply["layers"]?.map?["/common (prototype web)"]?.map?["prototype"] == "web")
            #expect(
                values["vars.url"] == [
                    "key": "vars.url", "value": .string("http://\(Trees.web)"), "from": "/so/ana/web",
                    "written": "http://${{ self.certname }}", "overrode": [],
                    "references": [["key": "self.certname", "value": .string(Trees.web)]],
                ])
            _ = try await site.patch(
                "/v1/tree/so/common", ["merge": ["vars.ntp": "append"], "vars": ["ntp": ["c"]]])
            #expect(
                try await site.get("/v1/explain/so/ana/web?key=vars.ntp").explained["vars.ntp"] == [
                    "key": "vars.ntp", "value": ["a", "b", "c"], "from": "/so/common", "strategy": "append",
                    "own": ["c"],
                    "joined": [["from": "/common", "value": ["a", "b"]]], "overrode": [],
                ])
        }
    }

    @Test("says why there is no value")
    func absence() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["unset": ["vars.site"]])
            let unset = try await site.get("/v1/explain/so/ana/web?key=vars.site")
            #expect(
                unset["values"] == [
                    [
                        "key": "vars.site", "absent": "vars.site was unset at /so/common", "overrode": [],
                        "unset": [["at": "/so/common", "from": "/common", "value": "north"]],
                    ]
                ])
            let unknown = try await site.get("/v1/explain/so/ana/web?key=vars.cours")
            #expect(
                unknown.explained["vars.cours"]?.map?["absent"]
                    == "vars.cours is set at no level; did you mean vars.course?")
            let all = try await site.get("/v1/explain/so/ana/web").explained
            #expect(all["vars.site"]?.map?["absent"] == "vars.site was unset at /so/common")
        }
    }

    @Test("shows what a tool sees, and why it is otherwise")
    func tools() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/ai/gpu", ["vars": ["log": "%{x}", "with-dash": 1, "title": "t"]])
            for (tool, key, seen) in [
                (
                    "enc", "vars.site",
                    ["key": "vars.site", "place": "parameters.site", "value": "north", "reasons": []]
                ),
                (
                    "enc", "vars.title",
                    [
                        "key": "vars.title",
                        "reasons": [["key": "vars.title", "detail": "Puppet sets $title itself. Hiera serves it"]],
                    ]
                ),
                (
                    "hiera", "vars.log",
                    [
                        "key": "vars.log", "place": "log", "value": "%{literal('%')}{x}",
                        "reasons": [
                            [
                                "key": "vars.log",
                                "detail":
                                    "each %{ is escaped, or Puppet would interpolate it; puppet.interpolate: true lets it through",
                            ]
                        ],
                    ]
                ),
                (
                    "pillar", "vars.with-dash",
                    ["key": "vars.with-dash", "place": "with-dash", "value": 1, "reasons": []]
                ),
            ] as [(String, String, Value)] {
                let reply = try await site.get("/v1/explain/ai/gpu?as=\(tool)&key=\(key)")
                #expect(reply["as"] == .string(tool))
                #expect(reply["seen"] == [seen], "\(tool) \(key)")
            }
            #expect(try await site.get("/v1/explain/ai/gpu?as=enc&key=hardware.cpus")["seen"] == [])
        }
    }

    @Test("explains what is wrong with a broken machine, while tools get nothing")
    func broken() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/ai/gpu?force=true", ["vars": ["x": "${{ vars.nowhere }}"]])
            let reply = try await site.get("/v1/explain/ai/gpu?key=vars.x")
            #expect(reply.status == 200)
            #expect(
                reply.explained["vars.x"] == [
                    "key": "vars.x", "from": "/ai/gpu", "written": "${{ vars.nowhere }}", "overrode": [],
                    "references": [["key": "vars.nowhere"]],
                ])
            #expect(reply["problems"]?.list?.count == 1)
            #expect(try await site.get("/v1/explain/ai/gpu?as=enc").status == 409)
        }
    }

    @Test("explains it as of an earlier revision")
    func atRevision() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let then = try await site.get("/v1/explain/so/ana/web")
            _ = try await site.patch("/v1/tree/common", ["vars": ["site": "south"]])
            let now = try await site.get("/v1/explain/so/ana/web")
            #expect(now.explained["vars.site"]?.map?["value"] == "south")
            let again = try await site.get("/v1/explain/so/ana/web?at=2")
            #expect(again.text == then.text)
            #expect(again.revision == 2)
        }
    }

    @Test("blames for each value the revision that gave it, not the last that wrote the level")
    func blame() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for number in 3...70 {
                _ = try await site.patch("/v1/tree/common", ["vars": ["n": .integer(number)]])
            }
            _ = try await site.patch("/v1/tree/common?message=ports", ["prototypes": ["web": ["vars": ["port": 81]]]])
            _ = try await site.patch("/v1/tree/so/common", ["note": "x"])
            _ = try await site.post("/v1/tree/so/ana:move", ["to": "/ai/ana"])
            let reply = try await site.get("/v1/explain/ai/ana/web?blame").explained
            func since(_ key: String) -> Value? { reply[key]?.map?["since"]?.map?["revision"] }
            #expect(since("vars.n") == 70)
            #expect(since("vars.site") == 2)
            #expect(since("vars.port") == 71 && since("vars.role") == 2)
            #expect(since("vars.url") == 2)
            #expect(reply["vars.port"]?.map?["since"]?.map?["message"] == "ports")
            #expect(reply["vars.port"]?.map?["since"]?.map?["principal"] == "ana")
            let then = try await site.get("/v1/explain/so/ana/web?blame&at=50&key=vars.n").explained
            #expect(then["vars.n"]?.map?["since"]?.map?["revision"] == 50)
            #expect(try await site.get("/v1/explain/ai/ana/web").explained["vars.n"]?.map?["since"] == nil)
        }
    }

    @Test("a value that was taken away and given again is as old as its return")
    func blameAgain() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": .null]])
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "SO"]])
            let reply = try await site.get("/v1/explain/so/ana/web?blame&key=vars.course").explained
            #expect(reply["vars.course"]?.map?["since"]?.map?["revision"] == 4)
        }
    }

    @Test("says of a folder what it hands down")
    func folder() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/explain/so")
            #expect(reply["certname"] == nil)
            #expect(reply.explained["vars.course"]?.map?["from"] == "/so/common")
        }
    }

    @Test(
        "refuses what makes no sense, in words",
        arguments: [
            ("/so/ana/nobody", 404, "/so/ana/nobody does not exist"),
            ("/so/ana/web?as=chef", 400, "as=chef: expected enc, hiera, ansible, pillar"),
            ("/so?as=enc", 400, "as=enc: /so is a folder; expected a machine, for tools see only these"),
            (
                "/so/ana/web?key=vars..x", 400,
                "key: \"vars..x\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            ("/so/ana/web?at=9", 404, "there is no revision 9; the newest is 2"),
            ("/so/ana/web?kee=x", 400, "unknown query \"kee\"; did you mean \"key\"?"),
        ])
    func refusals(_ target: String, _ status: Int, _ detail: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/explain\(target)")
            #expect(reply.status == status)
            #expect(reply.detail == detail)
        }
    }
}

extension Reply {
    /// The explained values by key.
    fileprivate var explained: [String: Value] {
        Dictionary((self["values"]?.list ?? []).map { ($0.map?["key"]?.string ?? "", $0) }) { first, _ in first }
    }
}
