import Foundation
import Glibc
import OrderedCollections
import Testing
import Tree

@Suite("A daemon that is killed", .serialized)
struct CrashTests {
    private static let clients = 4
    private static let applies = 1_000

    /// What one client was told of one of its writes.
    private struct Receipt: Sendable {
        let client: Int
        let number: Int
        let revision: Int
    }

    @Test("in the middle of 1,000 applies has every acknowledged revision, in order, and none in part")
    func kill() async throws {
        let scratch = try Scratch()
        var receipts: [Receipt] = []
        var next = Array(repeating: 1, count: Self.clients)
        var rounds = 0
        while receipts.count < Self.applies {
            rounds += 1
            let daemon = try await Daemon.start(in: scratch)
            try await check(daemon.api, receipts, sent: next, "round \(rounds)")
            // Killed while each of the clients has a request under way, some hundred applies later.
            let limit = Int.random(in: 40...110)
            let fresh = await withTaskGroup(of: [Receipt].self) { group in
                for client in 0..<Self.clients {
                    let start = next[client]
                    group.addTask { await Self.write(client, from: start, limit, daemon) }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(await daemon.end(SIGKILL) == -SIGKILL, "round \(rounds): it ended before it was killed")
            for client in 0..<Self.clients {
                let count = fresh.count { $0.client == client }
                #expect(count > 0, "round \(rounds): client \(client) was answered nothing")
                // One more was sent and not answered; whether it was written is open.
                next[client] += count + 1
            }
            receipts += fresh
        }
        #expect(rounds > 2)
        let daemon = try await Daemon.start(in: scratch)
        try await check(daemon.api, receipts, sent: next, "the last start")
        try await checkHistory(daemon.api, receipts)
        #expect(await daemon.end() == 0)
    }

    /// Applies pairs of entries, one pair after the other, until the daemon answers no more. The first client to have
    /// been answered `limit` times kills it.
    private static func write(_ client: Int, from start: Int, _ limit: Int, _ daemon: Daemon) async -> [Receipt] {
        var receipts: [Receipt] = []
        for number in start... {
            let entries: [Value] = ["left", "right"].map {
                ["path": .string("/c\(client)/\($0)"), "kind": "vm", "definition": ["vars": ["n": .integer(number)]]]
            }
            let answer = try? await daemon.api.send("POST", "/v1/apply", ["entries": .list(entries)])
            guard let answer, answer.status == 200, let revision = answer.revision else { return receipts }
            receipts.append(Receipt(client: client, number: number, revision: revision))
            if receipts.count == limit {
                // From beside, so that this client's next request is under way as well.
                Task.detached { Glibc.kill(daemon.pid, SIGKILL) }
            }
        }
        return receipts
    }

    /// What is current: nothing that was acknowledged is missing, nothing is there in part or was never sent.
    private func check(_ api: API, _ receipts: [Receipt], sent next: [Int], _ place: String) async throws {
        let revision = try #require(try await api.send("GET", "/v1/whoami").revision)
        let newest = receipts.map(\.revision).max() ?? 1
        #expect(
            (newest...newest + Self.clients).contains(revision), "\(place): \(newest) acknowledged, \(revision) there")
        for client in 0..<Self.clients where next[client] > 1 {
            let last = receipts.filter { $0.client == client }.map(\.number).max() ?? 0
            let pair = try await pair(api, client)
            #expect(pair.left == pair.right, "\(place): client \(client)'s pair is half there")
            #expect(
                (last...next[client]).contains(pair.left ?? 0),
                "\(place): client \(client): \(last) acknowledged, \(pair)")
        }
    }

    /// What was: each acknowledged revision holds what it was acknowledged for.
    private func checkHistory(_ api: API, _ receipts: [Receipt]) async throws {
        #expect(Set(receipts.map(\.revision)).count == receipts.count, "two applies were given one revision")
        for client in 0..<Self.clients {
            let revisions = receipts.filter { $0.client == client }.sorted { $0.number < $1.number }.map(\.revision)
            #expect(revisions == revisions.sorted(), "client \(client)'s revisions are not in order")
        }
        for receipt in receipts {
            let pair = try await pair(api, receipt.client, at: receipt.revision)
            #expect(pair.left == receipt.number && pair.right == receipt.number, "\(receipt): found \(pair)")
        }
    }

    private func pair(_ api: API, _ client: Int, at revision: Int? = nil) async throws -> (left: Int?, right: Int?) {
        let query = revision.map { "&at=\($0)" } ?? ""
        let list = try await api.get("/v1/tree/c\(client)?recursive=true&fields=path,definition\(query)")["entries"]
        let numbers = Dictionary(
            uniqueKeysWithValues: (list?.list ?? []).map {
                ($0["path"]?.string ?? "", $0["definition"]?["vars"]?["n"]?.integer)
            })
        return (numbers["/c\(client)/left"] ?? nil, numbers["/c\(client)/right"] ?? nil)
    }
}
