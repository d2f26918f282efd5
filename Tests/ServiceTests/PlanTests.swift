import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Plans")
struct PlanTests {
    @Test("a plan says which machines come to wait, and for what: a start, or a rebuild; and which wait no more")
    func pending() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for path in ["/ai/gpu", "/so/ana/db"] { #expect(try await site.run("create", path)["state"] == "done") }
            func plan(_ patch: Value) async throws -> Reply {
                try await site.post("/v1/plan", ["patch": "/common", "definition": patch])
            }
            let start = try await plan(["hardware": ["memory": "2GiB"]])
            #expect(start["counts"]?.map?["pending"] == 2 && start["settled"] == [], "\(start.text)")
            #expect(
                start["pending"] == [
                    [
                        "machines": 2, "verb": "start",
                        "differences": [["key": "hardware.memory", "computed": "2GiB"]],
                        "listed": [
                            ["path": "/ai/gpu", "certname": "gpu.ai.lab.example"],
                            ["path": "/so/ana/db", "certname": "db.ana.so.lab.example"],
                        ],
                    ]
                ], "\(start.text)")
            let rebuild = try await plan(["hardware": ["memory": "2GiB"], "disks": ["data": ["size": "1GiB"]]])
            #expect(
                rebuild["pending"]?.maps.map { $0["verb"] } == ["rebuild"]
                    && rebuild["pending"]?.maps.first?["differences"]?.list?.count == 2, "\(rebuild.text)")

            #expect(try await site.patch("/v1/tree/common", ["hardware": ["memory": "2GiB"]]).status == 200)
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == ["hardware.memory"])
            let again = try await plan(["hardware": ["memory": "2GiB"]])
            #expect(again["changes"] == [] && again["pending"] == [] && again["settled"] == [])
            let back = try await plan(["hardware": .null])
            #expect(back["pending"] == [] && back["counts"]?.map?["settled"] == 2, "\(back.text)")
            #expect(
                back["settled"]?.maps.first?["differences"] == [["key": "hardware.memory", "computed": "2GiB"]],
                "\(back.text)")
            #expect(back["settled"]?.maps.first?["verb"] == "start")
            // Put right in another way than the plan's: what it says holds no more.
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            let stale = try await site.patch("/v1/tree/common?plan=\(back["id"]?.string ?? "")", ["hardware": .null])
            #expect(stale.status == 409)
            #expect(
                stale.detail == """
                    the plan \(back["id"]?.string ?? "") does not hold: nothing was changed there since revision 3, so it \
                    is the plan of another change, or a machine's state is another by now; make the plan again
                    """)
        }
    }

    @Test("a plan holds through changes that make no difference to it, and no longer through one that does")
    func acceptance() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let patch: Value = ["vars": ["site": "south"]]
            let plan = try await site.post("/v1/plan", ["patch": "/so", "definition": patch])
            let id = try #require(plan["id"]?.string)
            #expect(plan["counts"]?.map?["affected"] == 2 && plan["revision"] == 2, "\(plan.text)")

            #expect(try await site.patch("/v1/tree/ai", ["vars": ["course": "ML"]]).status == 200)
            #expect(try await site.patch("/v1/tree/so/ana/web", ["vars": ["role": "web"]]).status == 200)
            #expect(try await site.patch("/v1/tree/so", ["vars": ["course": "OS"]]).status == 200)
            let same = try await site.post("/v1/plan", ["patch": "/so", "definition": patch])
            #expect(same["id"]?.string?.hasPrefix("5-") == true)
            #expect(same["id"]?.string?.dropFirst(2) == id.dropFirst(2), "the digest is that of what it foretells")

            // Now one of the two says it itself.
            #expect(
                try await site.patch("/v1/tree/so/ana/db?message=mine", ["vars": ["site": "west"]]).status == 200)
            let refused = try await site.patch("/v1/tree/so?plan=\(id)", patch)
            #expect(refused.status == 409)
            #expect(
                refused.detail == """
                    the plan \(id) no longer holds: revision 4 by ana changed /so/ana/web (and 2 more); make the plan again
                    """)
            #expect(refused["plan"] == .string(id))
            #expect(refused["revisions"]?.maps.map { $0["number"] } == [4, 5, 6])
            #expect(refused["revisions"]?.maps.last?["message"] == "mine")
            #expect(try await site.get("/v1/tree/so/common")["vars"] == ["course": "OS"], "nothing was written")

            let fresh = try await site.post("/v1/plan", ["patch": "/so", "definition": patch])
            let made = try await site.patch("/v1/tree/so?plan=\(fresh["id"]?.string ?? "")", patch)
            #expect(made.status == 200 && made.revision == 7, "\(made.text)")
        }
    }

    @Test("an id that is none, and a body that is no change, are refused with what was expected")
    func nonsense() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let id = try await site.patch("/v1/tree/so?plan=41", ["vars": ["a": 1]])
            #expect(id.status == 400)
            #expect(id.detail == "plan=41: expected the id of a plan, such as 41-9f86d081884c7d65")
            let body = try await site.post("/v1/plan", ["patch": "/so", "definitions": [:]])
            #expect(body.status == 400 && body.detail.contains("definitions"), "\(body.text)")
            let missing = try await site.post("/v1/plan", ["move": "/nothing", "to": "/x"])
            #expect(missing.status == 404 && missing.detail == "/nothing does not exist")
            let nowhere = try await site.post("/v1/plan", ["copy": "/so"])
            #expect(nowhere.status == 400 && nowhere.detail == #"expected {"to": "/a/path"}"#)
        }
    }
}

extension Value {
    fileprivate var maps: [Map] { list?.compactMap(\.map) ?? [] }
}
