import Formats
import Foundation
import HTTP
import Hypervisor
import OrderedCollections
import Secrets
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("The event stream")
struct EventTests {
    @Test("revisions, states of machines and operations are told as they happen, each with an id")
    func kinds() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reader = try EventReader(site)
            let head = try await reader.head()
            #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("\r\nContent-Type: text/event-stream\r\n"))
            #expect(try await reader.block().comments == ["headwater"])

            _ = try await site.patch("/v1/tree/so", ["vars": ["x": 1]])
            let revision = try await reader.next()
            #expect(revision.event == "revision" && revision["number"] == 3 && revision["principal"] == "ana")
            #expect(revision["changes"] == [["path": "/so", "kind": "folder", "change": "changed"]])

            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let events = try await reader.events { $0.event == "operation" && $0["state"] == "done" }
            let operations = events.filter { $0.event == "operation" }
            #expect(operations.first?["state"] == "queued" && operations.first?["path"] == "/ai/gpu")
            #expect(operations.contains { $0["state"] == "running" })
            let state = try #require(events.first { $0.event == "state" && $0["state"] == "created" })
            #expect(
                state["path"] == "/ai/gpu" && state["was"] == "provisioned" && state["certname"] == "gpu.ai.lab.example"
            )
            let ids = ([revision] + events).map(\.id)
            #expect(Set(ids).count == ids.count && !ids.contains(nil))

            _ = try await site.post("/v1/tree/so/ana:move", ["to": "/ai/ana"])
            let moved = try await reader.next()
            #expect(
                moved["changes"]?.list?.first
                    == ["path": "/ai/ana", "kind": "folder", "change": "moved", "from": "/so/ana"])
        }
    }

    @Test("who is cut off and comes back with the last id hears the same as who stayed")
    func resume() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let steady = try EventReader(site)
            _ = try await steady.block()
            var random = Seeded()
            var restless = try EventReader(site)
            var last = try await restless.block().id
            var heard: [EventReader.Block] = []
            async let work: Void = {
                for number in 0..<8 {
                    _ = try await site.patch("/v1/tree/so", ["vars": ["n": .integer(number)]])
                    _ = try await site.run(number % 2 == 0 ? "create" : "destroy", "/so")
                }
                _ = try await site.patch("/v1/tree/so", ["vars": ["n": "end"]])
            }()
            let isLast = { (block: EventReader.Block) in block.event == "revision" && block["number"] == 11 }
            repeat {
                for _ in 0...Int.random(in: 0..<6, using: &random) where heard.last.map(isLast) != true {
                    heard.append(try await restless.next())
                    last = heard.last?.id
                }
                restless = try EventReader(site, lastEventID: last)
            } while heard.last.map(isLast) != true
            try await work
            let all = try await steady.events(through: isLast)
            #expect(heard == all, "\(random)")
        }
    }

    @Test(
        "since a revision of this run of the daemon all is told that followed; of an earlier run, revisions and a reset"
    )
    func since() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.patch("/v1/tree/so", ["vars": ["x": 1]])
            let reader = try EventReader(site, "?since=2")
            let events = try await reader.events { $0.event == "revision" }
            #expect(events.first?.event == "operation" && events.contains { $0["state"] == "created" })
            #expect(events.last?["number"] == 3 && !events.contains { $0.event == "reset" })
            #expect(try await site.get("/v1/events?since=4").detail == "there is no revision 4; the newest is 3")

            let id = try #require(events.last?.id)
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await Site.resume(site.directory, hypervisors: hypervisors) { site in
                for number in 4...6 { _ = try await site.patch("/v1/tree/so", ["vars": ["x": .integer(number)]]) }
                let late = try EventReader(site, "?since=1")
                let blocks = try await late.events { $0["number"] == 6 }
                #expect(blocks.first?.event == "reset" && blocks.first?["revision"] == 6)
                #expect(blocks.dropFirst().compactMap { $0["number"] } == [2, 3, 4, 5, 6])
                // A client of the earlier run comes back.
                let back = try EventReader(site, lastEventID: id)
                let told = try await back.events { $0["number"] == 6 }
                #expect(told.map(\.event) == ["reset", "revision", "revision", "revision"])
                // It goes on as ever.
                _ = try await site.run("start", "/ai/gpu")
                #expect(try await back.events { $0["state"] == "done" }.contains { $0["state"] == "running" })
            }
        }
    }

    @Test("who is too far behind is told so, and misses no revision")
    func behind() async throws {
        var options = Service.Options()
        options.events = 5
        try await Site.with(options, tree: Trees.lab) { site in
            let id = try await EventReader(site).block().id
            for number in 3...5 { _ = try await site.patch("/v1/tree/so", ["vars": ["x": .integer(number)]]) }
            let near = try await EventReader(site, lastEventID: id).events { $0["number"] == 5 }
            #expect(near.map(\.event) == ["revision", "revision", "revision"])
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.patch("/v1/tree/so", ["vars": ["x": 6]])
            let far = try await EventReader(site, lastEventID: id).events { $0["number"] == 6 }
            #expect(far.map(\.event) == ["reset"] + Array(repeating: "revision", count: 4))
        }
    }

    @Test("since a revision that was compacted a reset is told, and all revisions that are kept")
    func compacted() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for number in 3...6 { _ = try await site.patch("/v1/tree/so", ["vars": ["x": .integer(number)]]) }
            while try site.store.compact(to: 4, limit: 100) > 0 {}
            let told = try await EventReader(site, "?since=1&kinds=revision").events { $0["number"] == 6 }
            #expect(told.map(\.event) == ["reset", "revision", "revision"])
            #expect(told.first?["revision"] == 4)
            #expect(
                told.first?["detail"] == "what revisions before 5 changed is not kept any more; read the tree anew")
        }
    }

    @Test("a folder and kinds narrow the stream")
    func filters() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let folder = try EventReader(site, "?folder=/so/ana")
            let states = try EventReader(site, "?kinds=state")
            let revisions = try EventReader(site, "?kinds=revision,operation&folder=/ai")
            for reader in [folder, states, revisions] { _ = try await reader.block() }
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.patch("/v1/tree/so/ana", ["vars": ["x": 1]])
            _ = try await site.patch("/v1/tree/ai", ["vars": ["x": 1]])
            #expect(try await folder.next()["number"] == 3)
            #expect(try await states.next()["state"] == "created")
            let events = try await revisions.events { $0.event == "revision" }
            #expect(events.last?["number"] == 4)
            #expect(events.dropLast().allSatisfy { $0.event == "operation" && $0["path"] == "/ai/gpu" })
            #expect(
                try await site.get("/v1/events?kinds=state,node").detail
                    == "kinds=state,node: expected revision, state or operation, with commas between")
            #expect(
                try await site.get("/v1/events", ("Last-Event-ID", "7")).detail
                    == "Last-Event-ID: 7: expected the id of an event of this stream")
            #expect(try await site.get("/v1/events?folder=x").status == 400)
        }
    }

    @Test("a stream with nothing to tell gives signs of life, and says where the client stands by now")
    func heartbeat() async throws {
        var options = Service.Options()
        options.heartbeat = .milliseconds(50)
        try await Site.with(options, tree: Trees.lab) { site in
            let reader = try EventReader(site, "?kinds=state")
            let first = try await reader.block()
            #expect(try await reader.block() == EventReader.Block(id: first.id, comments: ["nothing new"]))
            _ = try await site.patch("/v1/tree/so", ["vars": ["x": 1]])
            var block = try await reader.block()
            while block.id == first.id { block = try await reader.block() }
            #expect(block.event == nil && block.id?.hasPrefix("3.") == true)
        }
    }

    @Test("a token that ends takes its streams with it")
    func revoked() async throws {
        var options = Service.Options()
        options.heartbeat = .milliseconds(50)
        // On a busy machine a token may have ended before the stream began; then one that lives longer is tried.
        for seconds in [2, 10, 50] {
            var blocks: [EventReader.Block] = []
            try await Site.with(options) { site in
                site.server.stop()
                await site.service.close()
                let token = try Token.random()
                _ = try site.store.add(
                    TokenRecord(
                        hash: token.hash.bytes, principal: "eve", isSuperuser: true, created: 0,
                        expires: Clock.now + seconds * 1_000))
                try site.store.close()
                try await Site.resume(site.directory, options) { site in
                    let reader = try EventReader(site, token: token.reveal())
                    guard try await reader.head().hasPrefix("HTTP/1.1 200 ") else { return }
                    blocks = try await reader.rest()
                    #expect(try await site.get("/metrics").text.contains("\nheadwater_event_streams 0\n"))
                }
            }
            guard let first = blocks.first, let last = blocks.last else { continue }
            #expect(first.comments == ["headwater"] && last.comments == ["the token is no longer valid"])
            return
        }
        Issue.record("each token ended before its stream began")
    }

    @Test("streams are counted, and end when the server does")
    func counting() async throws {
        try await Site.with { site in
            let readers = try (0..<3).map { _ in try EventReader(site) }
            for reader in readers { _ = try await reader.block() }
            #expect(try await site.get("/metrics").text.contains("\nheadwater_event_streams 3\n"))
            site.server.stop()
            for reader in readers { #expect(try await reader.rest().isEmpty) }
        }
    }

    @Test("the API's description says that it is a stream of events")
    func description() async throws {
        try await Site.with { site in
            let route = try await site.get("/openapi.json")["paths"]?.map?["/v1/events"]?.map?["get"]?.map
            let content = route?["responses"]?.map?["200"]?.map?["content"]?.map
            #expect(content?.keys.elements == ["text/event-stream"])
        }
    }
}
