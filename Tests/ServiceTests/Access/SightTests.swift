import HTTP
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Who may not view something")
struct SightTests {
    @Test("gets for it, byte for byte, what he gets for what is not there, whatever he asks")
    func bytes() async throws {
        try await Courses.with { site async throws in
            let alice = site.acting(as: "alice")
            for route in ServiceRoute.all where route.pattern.contains("{path...}") {
                let body: Value =
                    route.pattern.hasSuffix(":adopt")
                    ? ["hypervisor": "m", "uuid": "6695eb01-f6a4-8304-79aa-97f2502e193f"]
                    : ["to": "/courses/so/alice/new", "kind": "vm", "definition": [:]]
                func ask(_ path: String) async throws -> Reply {
                    let target = route.pattern.replacing("{path...}", with: path)
                    let request = MatrixRequest(route.method.rawValue, target, route.method == .get ? nil : body)
                    return try await request.reply(of: alice)
                }
                let (hidden, absent) = (try await ask("courses/so/bob/web"), try await ask("courses/so/bob/wex"))
                #expect(hidden.status == 404, "\(route.method) \(route.pattern): \(hidden.text)")
                #expect(hidden.text == absent.text.replacing("wex", with: "web"), "\(route.method) \(route.pattern)")
                #expect(hidden.headers.map(\.name) == absent.headers.map(\.name))
            }
        }
    }

    @Test("misses it in lists, children, inventories, selectors, problems and counts")
    func lists() async throws {
        try await Courses.with { site async throws in
            _ = try await site.patch("/v1/tree/courses/so/bob/web?force", ["vars": ["broken": "${{ vars.none }}"]])
            let (alice, teresa) = (site.acting(as: "alice"), site.acting(as: "teresa"))
            #expect(
                try await alice.listed("/v1/tree/?recursive&selector=vars.role=web") == ["/courses/so/alice/web"])
            #expect(
                try await alice.get("/v1/tree/courses/so").json == [
                    "path": "/courses/so", "kind": "folder", "children": [["name": "alice", "kind": "folder"]],
                ])
            #expect(try await alice.get("/v1/problems")["problems"] == [])
            #expect(try await alice.get("/ansible").header("Warning") == nil)
            #expect(
                try await alice.get("/ansible")["_meta"]?.map?["hostvars"]?.map?.keys.sorted() == [
                    "db.alice.so.courses.lab.example", "web.alice.so.courses.lab.example",
                ])
            #expect(try await teresa.get("/v1/problems")["problems"]?.list?.count == 1)
            #expect(try await teresa.get("/ansible?folder=/courses/so/exam").status == 404)
            let children = try await teresa.get("/v1/tree/courses/so")["children"]?.list?.compactMap { $0.map?["name"] }
            #expect(children == ["alice", "bob"])
        }
    }

    @Test("is refused to delete what holds it, in words that do not name it; a prune leaves it")
    func deletion() async throws {
        try await Courses.with { site async throws in
            let dean = site.acting(as: "dean")
            let refused = try await dean.delete("/v1/tree/courses/so?recursive")
            #expect(refused.status == 403)
            #expect(refused.detail == "/courses/so holds more than dean may delete; ask who may grant it")
            let moved = try await dean.post("/v1/tree/courses/so:move", ["to": "/courses/os"])
            #expect(moved.status == 403 && !moved.text.contains("/exam"))
            let pruned = try await dean.post("/v1/apply", ["root": "/courses/so", "entries": [], "prune": true])
            #expect(pruned.status == 200, "\(pruned.text)")
            #expect(
                try await site.listed("/v1/tree/courses/so?recursive") == [
                    "/courses/so", "/courses/so/exam", "/courses/so/exam/sheet",
                ])
            let new: Value = [
                "entries": [["path": "/courses/so/exam/sheet", "kind": "vm", "definition": [:]]], "new": true,
            ]
            let taken = try await dean.post("/v1/apply", new)
            #expect(taken.status == 404 && taken.detail == "/courses/so/exam/sheet does not exist")
        }
    }

    @Test("does nothing to it by a verb on the folder that holds it, and sees no part of what others do")
    func verbs() async throws {
        try await Courses.with { site async throws in
            let (teresa, puppet) = (site.acting(as: "teresa"), site.acting(as: "puppet"))
            let made = try await teresa.run("create", "/courses/so")
            #expect(made["state"] == "done" && made["progress"] == ["done": 3, "total": 3])
            #expect(try await site.get("/v1/tree/courses/so/exam/sheet")["state"] == "provisioned")
            let all = try await site.run("reconcile", "/courses/so")
            #expect(all["progress"] == ["done": 4, "total": 4])
            let id = all["id"]?.integer ?? 0
            let seen = try await teresa.get("/v1/operations/\(id)")
            #expect(seen["progress"] == ["done": 3, "total": 3])
            #expect(try await teresa.get("/v1/operations?parent=\(id)")["operations"]?.list?.count == 3)
            #expect(try await site.acting(as: "alice").get("/v1/operations/\(id)").status == 404)
            #expect(try await site.acting(as: "alice").get("/v1/operations?parent=\(id)").status == 404)
            let part = try await site.acting(as: "alice").get("/v1/operations?path=/courses/so/alice/web")
            #expect(part["operations"]?.list?.first?.map?["parent"] == nil)
            let cancelled = try await puppet.delete("/v1/operations/\(id)")
            #expect(cancelled.status == 403, "\(cancelled.text)")
        }
    }

    @Test("keeps nobody from cancelling an operation on the folder that holds it: its parts there go on")
    func cancelling() async throws {
        try await Courses.with { site async throws in
            let slow: Value = [
                "hypervisor": "slow",
                "hypervisors": ["slow": ["driver": "memory", "latency": 3_600, "concurrency": 1]],
            ]
            try #require(try await site.patch("/v1/tree/courses/so/common", slow).status == 200)
            let (teresa, puppet) = (site.acting(as: "teresa"), site.acting(as: "puppet"))
            let own = try #require(try await teresa.post("/v1/tree/courses/so:create").header("Location"))
            let all = try #require(try await site.post("/v1/tree/courses/so:reconcile").header("Location"))
            for operation in [own, all] {
                let refused = try await puppet.delete(operation)
                #expect(refused.status == 403 && !refused.text.contains("more"), "\(refused.text)")
                let cancelled = try await teresa.delete(operation)
                #expect(cancelled.status == 200, "\(cancelled.text)")
            }
            // What one is working on is let end.
            #expect(try await teresa.get(own)["progress"] == ["done": 2, "total": 3])
            let ended = try await teresa.get(all)
            #expect(ended["state"] == "cancelled" && ended["progress"] == ["done": 3, "total": 3], "\(ended.text)")
            #expect(try await teresa.delete(all).status == 409)
            let whole = try await site.get(all)
            #expect(whole["state"] == "queued" && whole["progress"] == ["done": 3, "total": 4], "\(whole.text)")
        }
    }

    @Test("is no folder to hear of, as one that is not there")
    func events() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            for path in ["/courses/so/exam", "/courses/so/none"] {
                let reply = try await teresa.get("/v1/events?folder=\(path)")
                #expect(reply.status == 404 && reply.detail == "\(path) does not exist")
            }
        }
    }

    @Test("waits for the end of those parts of an operation that he sees, and for no other")
    func waiting() async throws {
        try await Courses.with { site async throws in
            let slow: Value = [
                "hypervisor": "slow", "hypervisors": ["slow": ["driver": "memory", "latency": 3_600]],
            ]
            try #require(try await site.patch("/v1/tree/courses/so/exam/common", slow).status == 200)
            let accepted = try await site.post("/v1/tree/courses/so:create")
            let operation = try #require(accepted.header("Location"))
            let ended = try await site.acting(as: "teresa").get("\(operation)?wait=600")
            #expect(ended["state"] == "done" && ended["progress"] == ["done": 3, "total": 3], "\(ended.text)")
            #expect(try await site.get(operation)["progress"] == ["done": 3, "total": 4])
        }
    }

    @Test("hears of an operation on the folder that holds it what a look at the operation tells, each thing once")
    func operations() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let reader = try EventReader(teresa, "?kinds=operation")
            _ = try await reader.head()
            let broken: Value = ["vars": ["broken": "${{ vars.none }}"]]
            #expect(try await site.patch("/v1/tree/courses/so/exam/sheet?force", broken).status == 200)
            let all = try await site.run("create", "/courses/so")
            #expect(all["state"] == "failed" && all["progress"] == ["done": 4, "total": 4], "\(all.text)")
            let id = try #require(all["id"]?.integer)
            let told = try await teresa.get("/v1/operations/\(id)")
            #expect(told["state"] == "done" && told["progress"] == ["done": 3, "total": 3] && told["error"] == nil)
            // A last one, so that all of the others have been told.
            let last = try await site.run("reconcile", "/courses/so/alice/web")["id"]?.integer
            let events = try await reader.events {
                $0.data?.map?["id"] == last.map(Value.integer) && $0.data?.map?["state"] == "done"
            }.compactMap(\.data)
            let whole = events.filter { $0.map?["id"] == .integer(id) }
            #expect(whole.last == told.json)
            #expect(Set(whole).count == whole.count, "\(whole)")
            #expect(whole.allSatisfy { $0.map?["progress"]?.map?["total"] == 3 })
            #expect(
                events.filter { $0.map?["parent"] == .integer(id) }.compactMap { $0.map?["path"] }.allSatisfy {
                    $0 != "/courses/so/exam/sheet"
                })
            #expect(!"\(events)".contains("exam"))
        }
    }

    @Test("is told of no prototype but those that levels define which he may view, where one that is named is unknown")
    func hints() async throws {
        try await Courses.with { site async throws in
            let root: Value = ["prototypes": ["secret-server": [:]]]
            let folder: Value = ["prototypes": ["shared": [:]]]
            #expect(try await site.patch("/v1/tree/common", root).status == 200)
            #expect(try await site.patch("/v1/tree/courses/so/common", folder).status == 200)
            let machine: Value = ["prototype": "secret-serve"]
            #expect(try await site.patch("/v1/tree/courses/so/alice/web?force", machine).status == 200)
            let (alice, teresa) = (site.acting(as: "alice"), site.acting(as: "teresa"))
            for target in [
                "/v1/tree/courses/so/alice/web", "/v1/problems", "/v1/explain/courses/so/alice/web",
                "/v1/computed/courses/so/alice/web", "/enc/web.alice.so.courses.lab.example",
            ] {
                #expect(try await site.get(target).text.contains("did you mean \\\"secret-server\\\""), "\(target)")
                #expect(try await teresa.get(target).text.contains("expected one of shared"), "\(target)")
                let told = try await alice.get(target).text
                #expect(told.contains("none is defined at this level or above") && !told.contains("server"), "\(told)")
            }
            let other: Value = ["prototype": "secret-serve"]
            let refused = try await teresa.patch("/v1/tree/courses/so/alice/db", other)
            #expect(refused.status == 422 && !refused.text.contains("secret-server"), "\(refused.text)")
            let plan = try await teresa.post("/v1/plan", ["patch": "/courses/so/alice/db", "definition": other])
            #expect(plan["counts"]?.map?["broken"] == 1 && !plan.text.contains("secret-server"), "\(plan.text)")
            let accepted = try await alice.run("create", "/courses/so/alice")
            #expect(accepted["state"] == "failed" && !accepted.text.contains("secret-server"), "\(accepted.text)")
        }
    }

    @Test("does not get to see it when it is deleted, moved or made anew: neither its history nor what it was")
    func past() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let before = try await teresa.get("/v1/revisions").text
            #expect(try await site.patch("/v1/tree/courses/so/exam/sheet", ["vars": ["answer": 43]]).status == 200)
            #expect(try await site.post("/v1/tree/courses/so/exam/sheet:move", ["to": "/courses/so/old"]).status == 201)
            let moved = try await teresa.get("/v1/revisions?path=/courses/so/old&machine")
            #expect(moved["revisions"]?.list?.count == 1 && !moved.text.contains("forty-two"), "\(moved.text)")
            #expect(try await site.delete("/v1/tree/courses/so/old").status == 204)
            #expect(try await site.delete("/v1/tree/courses/so/exam").status == 204)
            let made = try await teresa.put("/v1/tree/courses/so/exam", ["kind": "folder", "definition": [:]])
            #expect(made.status == 201)
            for target in [
                "/v1/tree/courses/so/exam?at=2", "/v1/tree/courses/so/exam/sheet?at=2",
                "/v1/computed/courses/so/exam?at=2", "/v1/explain/courses/so/exam/sheet?at=3",
                "/enc/sheet.exam.so.courses.lab.example?at=2", "/v1/revisions/3",
            ] {
                #expect(try await teresa.get(target).status == 404, "\(target)")
            }
            let then = try await teresa.listed("/v1/tree/courses/so?recursive&at=2")
            #expect(then.contains("/courses/so/alice") && !then.contains("/courses/so/exam"))
            for number in 3...6 {
                let told = try await teresa.get("/v1/revisions/\(number)")
                #expect(!told.text.contains("/exam") && !told.text.contains("forty-two"), "\(told.text)")
            }
            #expect(try await teresa.get("/v1/revisions/2").text.contains("/exam") == false)
            #expect(before.contains("\"number\":2"))
            #expect(try await site.get("/v1/tree/courses/so/exam/sheet?at=2").status == 200)
        }
    }

    @Test("hears of a revision only that part, who made it without where from, and reverts none that did more")
    func history() async throws {
        try await Courses.with { site async throws in
            let body: Value = [
                "entries": [
                    ["path": "/courses/so/alice/web", "kind": "vm", "definition": ["vars": ["role": "proxy"]]],
                    ["path": "/courses/so/exam/sheet", "kind": "vm", "definition": ["vars": ["role": "secret"]]],
                ]
            ]
            #expect(try await site.post("/v1/apply?message=both", body).status == 200)
            let (alice, teresa) = (site.acting(as: "alice"), site.acting(as: "teresa"))
            let seen = try await alice.get("/v1/revisions/3")
            #expect(seen["principal"] == "ana" && seen["message"] == "both" && seen["entries"] == 1)
            #expect(seen["address"] == nil && seen["changes"]?.list?.count == 1 && !seen.text.contains("/exam"))
            let refused = try await teresa.post("/v1/revisions/3:revert")
            #expect(refused.status == 403)
            #expect(
                refused.detail == "revision 3 changed more than teresa may view; it can be undone by who may view and "
                    + "edit all that it changed")
            #expect(try await site.patch("/v1/tree/courses/so/exam/sheet?message=x", ["vars": ["n": 1]]).status == 200)
            let hidden = try await teresa.post("/v1/revisions/4:revert")
            #expect(hidden.status == 404 && hidden.detail == "there is no revision 4; the newest is 4")
            let emptied = try await site.post("/v1/apply", ["root": "/courses/so", "entries": [], "prune": true])
            #expect(emptied.revision == 5, "\(emptied.text)")
            #expect(try await teresa.post("/v1/revisions/5:revert").status == 403)
            #expect(try await site.post("/v1/revisions/5:revert").status == 200)
        }
    }

    @Test("is told in an explanation where a value comes from, and not what it overrode there")
    func explain() async throws {
        try await Courses.with { site async throws in
            let reply = try await site.acting(as: "alice").get("/v1/explain/courses/so/alice/web?key=vars.motd")
            let value = try #require(reply["values"]?.list?.first?.map)
            #expect(value["value"] == "so")
            let overrode = value["overrode"]?.list?.compactMap(\.map) ?? []
            #expect(overrode.count == 2 && overrode.allSatisfy { $0["hidden"] == true && $0["value"] == nil })
            let layers = reply["layers"]?.map?.values.compactMap(\.map) ?? []
            #expect(!layers.isEmpty && layers.allSatisfy { $0["principal"] == nil })
        }
    }

    @Test("plans and writes above it as if it were not there; what would break there is said without a name")
    func plans() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let patch: Value = ["patch": "/courses/so", "definition": ["vars": ["motd": "new"]]]
            let plan = try await teresa.post("/v1/plan", patch)
            #expect(plan["counts"]?.map?["affected"] == 3 && !plan.text.contains("/exam"), "\(plan.text)")
            let id = plan["id"]?.string ?? ""
            let made = try await teresa.patch("/v1/tree/courses/so/common?plan=\(id)", ["vars": ["motd": "new"]])
            #expect(made.status == 200, "\(made.text)")
            let sheet: Value = ["vars": ["all": "${{ vars.base }}"]]
            #expect(try await site.patch("/v1/tree/courses/so/common", ["vars": ["base": 1]]).status == 200)
            #expect(try await site.patch("/v1/tree/courses/so/exam/sheet", sheet).status == 200)
            let broken = try await teresa.patch("/v1/tree/courses/so/common", ["vars": ["base": .null]])
            #expect(broken.status == 422)
            #expect(broken.detail == "the change would break machines that are not yours to view")
        }
    }

    @Test("merges a directory with what came since as if it were not there")
    func merge() async throws {
        try await Courses.with { site in
            let teresa = site.acting(as: "teresa")
            let list = try await teresa.get("/v1/tree/courses/so?recursive&fields=path,kind,definition")
            let entries = (list["entries"]?.list ?? []).filter { $0.map?["path"] != "/courses/so/bob/web" }
            #expect(try await site.patch("/v1/tree/courses/so/exam/sheet", ["vars": ["n": 1]]).status == 200)
            #expect(try await site.patch("/v1/tree/courses/so/alice/db", ["vars": ["n": 1]]).status == 200)
            let body: Value = ["root": "/courses/so", "entries": .list(entries), "prune": true, "base": 2]
            let merged = try await teresa.post("/v1/apply", body)
            #expect(merged.status == 200 && !merged.text.contains("/exam"), "\(merged.text)")
            #expect(merged["merged"]?.list?.compactMap { $0.map?["path"] } == ["/courses/so/alice/db"])
            #expect(try await site.get("/v1/tree/courses/so/bob/web").status == 404)
            #expect(try await site.get("/v1/tree/courses/so/exam/sheet").status == 200)
        }
    }

    @Test("learns by a name that is taken no more than that")
    func names() async throws {
        try await Courses.with { site async throws in
            let reply = try await site.acting(as: "teresa").patch(
                "/v1/tree/courses/so/alice/web", ["certname": "sheet.exam.so.courses.lab.example"])
            #expect(reply.status == 409 && !reply.text.contains("/courses/so/exam"))
            #expect(reply.detail.contains("is taken"))
        }
    }
}
