import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What event streams are made of")
struct FeedTests {
    @Test("a ring keeps the newest, under the numbers they were given")
    func ring() {
        var random = Seeded()
        for _ in 0..<50 {
            let limit = Int.random(in: 1...8, using: &random)
            var (ring, all) = (Ring<Int>(limit: limit), [Int]())
            for number in 1...30 {
                all.append(number)
                #expect(ring.append(number) == (number > limit ? number - limit : nil), "\(random)")
                #expect(ring.count == number && ring.first == max(1, number - limit + 1), "\(random)")
                for asked in -1...32 {
                    let isKept = asked >= ring.first && asked <= number
                    #expect(ring[asked] == (isKept ? asked : nil), "\(random)")
                }
            }
        }
    }

    @Test("a place is read as it is written, and nothing else is one")
    func cursor() {
        let place = Cursor(revision: 41, feed: "3w5e", number: 1_007)
        #expect(place.description == "41.3w5e.1007" && Cursor("41.3w5e.1007") == place)
        for text in ["", "41", "41.x", "-1.x.1", "1.x.-1", "x.x.1", "1.x.1.1", "99999999999999999999.x.1"] {
            #expect(Cursor(text) == nil, "\(text)")
        }
    }

    @Test("a place is known while all that followed it is kept, and its revision with it")
    func places() throws {
        let feed = Feed(revision: 7, limit: 3)
        let start = feed.end
        #expect(feed.revision(at: start) == 7 && feed.place(after: 7) == nil && feed.notices(after: start, 9).isEmpty)
        feed.tell(revision: 8)
        feed.tell(.state(.root, "{}"))
        feed.tell(revision: 9)
        #expect(feed.revision(at: start) == 7)
        #expect(feed.notices(after: start, 9).map(\.number) == [1, 2, 3])
        #expect(feed.notices(after: start, 2).map(\.revision) == [8, 8])
        let eight = try #require(feed.place(after: 8))
        #expect(eight.number == 1 && feed.revision(at: eight) == 8)
        feed.tell(.state(.root, "{}"))
        #expect(feed.revision(at: start) == nil && feed.notices(after: start, 9).isEmpty)
        #expect(feed.revision(at: eight) == 8 && feed.place(after: 8) == nil)
        #expect(feed.revision(at: feed.end) == 9)
        #expect(feed.revision(at: Cursor(revision: 9, feed: "other", number: 3)) == nil)
        #expect(feed.revision(at: Cursor(revision: 9, feed: feed.name, number: 99)) == nil)
    }

    @Test("who waits is woken by news, by a beat, and when he gives up")
    func waiting() async {
        let feed = Feed(revision: 1, limit: 3)
        let start = feed.end
        for wake in [{ feed.tell(revision: 2) }, { feed.beat() }] {
            let place = feed.end
            let waiting = Task { await feed.wait(after: place) }
            await Task.yield()
            wake()
            feed.beat()
            await waiting.value
        }
        await feed.wait(after: start)
        let end = feed.end
        let waiting = Task { await feed.wait(after: end) }
        waiting.cancel()
        await waiting.value
    }

    @Test("an event is told to who may view its place, within the folder asked for")
    func audience() throws {
        let paths = try ["/so", "/so/ana/web", "/sole", "/"].map { try Path($0) }
        let all = Set(Notice.Kind.allCases)
        let folder = Audience(sees: { _ in true }, folder: try Path("/so"), kinds: all)
        #expect(paths.map(folder.hears) == [true, true, false, false])
        let stranger = Audience(sees: { $0.isRoot }, folder: .root, kinds: all)
        #expect(paths.map(stranger.hears) == [false, false, false, true])

        let id = EntryID.random()
        let entry = Entry(id: id, kind: .vm, path: try Path("/so/web"), definition: [:], revision: 1)
        let moved = Touch(.set(id: id, kind: .vm, path: try Path("/ai/web"), definition: [:]), before: entry)
        #expect(moved.kind == .moved && folder.hears(of: moved) { _, _ in true } == moved)
        #expect(stranger.hears(of: moved) { path, _ in path.isRoot } == nil)
        let vanished = folder.hears(of: moved) { path, _ in path == entry.path }
        #expect(vanished?.kind == .removed && vanished?.path == entry.path && vanished?.from == nil)
        let there = Audience(sees: { _ in true }, folder: try Path("/ai"), kinds: all)
        #expect(there.hears(of: moved) { _, _ in true } == moved)
        let appeared = there.hears(of: moved) { path, _ in path != entry.path }
        #expect(appeared?.kind == .created && appeared?.from == nil)
        let removed = Touch(.remove(id: id, path: entry.path), before: entry)
        #expect(there.hears(of: removed) { _, _ in true } == nil)
    }
}
