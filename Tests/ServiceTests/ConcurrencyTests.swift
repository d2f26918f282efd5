import HTTP
import OrderedCollections
import Store
import Synchronization
import Testing
import Tree

@testable import Service

@Suite("Many clients at once")
struct ConcurrencyTests {
    @Test("16 writers of 50 writes each make 800 revisions without gaps, and readers see only whole ones")
    func writers() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let progress = Progress()
            try await withThrowingTaskGroup { group in
                for reader in 0..<2 {
                    group.addTask {
                        var last = 0
                        while !progress.isDone.load(ordering: .relaxed) {
                            // Each revision writes both halves of a pair in one apply.
                            let reply = try await site.get("/v1/tree/pairs?recursive&fields=definition")
                            if reply.status == 404 { continue }
                            let notes = (reply["entries"]?.list ?? []).dropFirst().map {
                                $0.map?["definition"]?.map?["note"]
                            }
                            for pair in stride(from: 0, to: notes.count - 1, by: 2) {
                                #expect(notes[pair] == notes[pair + 1], "reader \(reader)")
                            }
                            #expect(notes.count.isMultiple(of: 2))
                            let revision = reply.revision ?? 0
                            #expect(revision >= last)
                            last = revision
                        }
                    }
                }
                try await withThrowingTaskGroup { writers in
                    for writer in 0..<16 {
                        writers.addTask {
                            for turn in 0..<50 {
                                let note = Value.string("\(writer) \(turn)")
                                let entries = ["a", "b"].map { half -> Value in
                                    ["path": .string("/pairs/w\(writer)\(half)"), "definition": ["note": note]]
                                }
                                let reply = try await site.post("/v1/apply", ["entries": .list(entries)])
                                #expect(reply.status == 200, "\(reply.text)")
                                progress.written.withLock { $0.append(reply["revision"]?.integer ?? 0) }
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                progress.isDone.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
            #expect(progress.written.withLock { $0.sorted() } == Array(3...802))
            #expect(try site.store.load().revision == 802)
            #expect(try site.store.revisions(before: nil, limit: 1000).map(\.number) == Array((1...802).reversed()))
            for writer in 0..<16 {
                #expect(
                    try await site.get("/v1/tree/pairs/w\(writer)b")["definition"] == ["note": .string("\(writer) 49")])
            }
        }
    }

    private final class Progress: Sendable {
        /// The revisions that writers were told.
        let written = Mutex<[Int]>([])
        let isDone = Atomic(false)
    }
}
