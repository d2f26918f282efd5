import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("The tree as it was")
struct HistoryTests {
    @Test("entries, computed definitions and documents of a revision are what was served then, byte by byte")
    func atRevision() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let targets =
                DocumentCache.targets(of: Trees.web) + [
                    "/v1/tree/so/ana/web", "/v1/tree/so/common", "/v1/tree", "/v1/tree?recursive", "/ansible",
                    "/ansible/vars", "/v1/computed/so/ana/web", "/v1/computed/so", "/v1/problems",
                ]
            var served: [Int: [String: Reply]] = [:]
            func record() async throws {
                let revision = try #require(try await site.get("/v1/whoami").revision)
                for target in targets { served[revision, default: [:]][target] = try await site.get(target) }
            }
            try await record()
            for change in [
                ("PATCH", "/v1/tree/so/common", ["vars": ["course": "SO2"]]),
                ("PATCH", "/v1/tree/common", ["vars": ["site": "south"]]),
                ("PATCH", "/v1/tree/so/ana/web?force=true", ["vars": ["x": "${{ vars.none }}"]]),
                ("POST", "/v1/tree/so/ana:move", ["to": "/ai/eva"]), ("DELETE", "/v1/tree/ai?recursive=true", [:]),
            ] as [(String, String, Value)] {
                let reply = try await site.send(
                    change.0, change.1, [("Content-Type", "application/json")],
                    body: change.0 == "DELETE" ? [] : Array(change.2.jsonText.utf8))
                try #require(reply.status < 300, "\(reply.text)")
                try await record()
            }
            #expect(served.keys.sorted() == [2, 3, 4, 5, 6, 7])
            for _ in 0..<2 {
                for (revision, replies) in served.sorted(by: { $0.key < $1.key }) {
                    for (target, then) in replies {
                        let now = try await site.get("\(target)\(target.contains("?") ? "&" : "?")at=\(revision)")
                        #expect(now.status == then.status, "\(target) at \(revision)")
                        #expect(now.header("ETag") == then.header("ETag"), "\(target) at \(revision)")
                        #expect(now.header("Warning") == then.header("Warning"), "\(target) at \(revision)")
                        if then.status == 200 {
                            #expect(now.text == then.text, "\(target) at \(revision)")
                            #expect(now.revision == revision)
                        }
                    }
                }
            }
        }
    }

    @Test("a revision that is not there is 404, the time before the first is empty")
    func bounds() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/tree?at=9")
            #expect(reply.status == 404)
            #expect(reply.detail == "there is no revision 9; the newest is 2")
            let empty = try await site.get("/v1/tree?at=0")
            #expect(empty.status == 200 && empty["children"] == [])
        }
    }
}
