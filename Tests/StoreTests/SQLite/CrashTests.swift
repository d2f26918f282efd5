import Foundation
import Glibc
import OrderedCollections
import Store
import Testing
import Tree

@Suite("A daemon that is killed")
struct CrashTests {
    private let scratch = Scratch()

    /// The child rewrites all entries with each revision, says so in a file after each commit, and kills itself.
    @Test("in the middle of commits has every acknowledged revision, in order, and none in part")
    func kill() async throws {
        try scratch.open().close()
        var acknowledged = 0
        for round in 1...5 {
            let pause = UInt32.random(in: 20_000...400_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [file = scratch.file() as String, log = scratch.file("acknowledged") as String, pause = pause as UInt32]
                in
                try CrashingWriter(file: file, log: log).run(killedAfter: pause)
            }
            let log = try String(contentsOfFile: scratch.file("acknowledged"), encoding: .utf8)
            let last = log.split(separator: "\n").last.flatMap { Int($0) } ?? 0
            #expect(last > acknowledged, "round \(round): nothing was committed")
            acknowledged = last
            let store = try scratch.open()
            let newest = try store.load().revision
            #expect((last...last + 1).contains(newest), "round \(round): \(last) acknowledged, \(newest) found")
            #expect(try store.revisions(before: nil, limit: .max).map(\.number) == (1...newest).reversed())
            for number in Set([1, newest / 2, newest - 1, newest].filter { $0 > 0 }) {
                let entries = try store.entries(at: number)
                #expect(entries.count == CrashingWriter.size)
                #expect(entries.allSatisfy { $0.revision == number && $0.definition == ["n": .integer(number)] })
            }
            #expect(try store.said() == store.entries(at: newest).map(Said.init))
            try store.close()
        }
    }
}

/// What the child process does.
struct CrashingWriter {
    static let size = 50
    let file: String
    let log: String

    func run(killedAfter pause: UInt32) throws {
        let store = try SQLiteStore(file: file)
        let known = try store.load()
        let ids = known.entries.isEmpty ? (0..<Self.size).map { _ in EntryID.random() } : known.entries.map(\.id)
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for number in (known.revision + 1)... {
            let changes = try ids.enumerated().map { index, id in
                try Change.vm(id, "/web-\(index + 10)", ["n": .integer(number)])
            }
            let line = Array("\(try store.commit(Draft(changes)).number)\n".utf8)
            guard write(descriptor, line, line.count) == line.count else { exit(1) }
            // Not before, for on a busy machine nothing may have been committed yet.
            if number == known.revision + 1 { end(after: pause) }
        }
    }

    private func end(after pause: UInt32) {
        Thread.detachNewThread {
            usleep(pause)
            Glibc.kill(getpid(), SIGKILL)
        }
    }
}
