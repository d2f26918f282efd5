import Access
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What a change gives to others")
struct GiftTests {
    @Test("by a move is nothing, unless its author may grant at both ends and holds it himself")
    func moves() throws {
        var random = Seeded()
        var moved = 0
        for _ in 0..<1_000 {
            let site = RandomSite(&random)
            let before = site.snapshot
            let author = Principal(name: random.pick(RandomSite.names), .granted(groups: []))
            let source = random.pick(site.paths)
            guard let target = try? random.pick(site.paths).appending("moved"), !source.contains(target) else {
                continue
            }
            var edit = Edit(before, author)
            do {
                try edit.move(source, to: target)
                try edit.judge()
            } catch {
                continue
            }
            moved += 1
            let own = Standing(author, before.policy)
            for place in site.paths where source.contains(place) {
                let new = try #require(place.rebased(from: source, to: target))
                for name in RandomSite.names {
                    let somebody = Principal(name: name, .granted(groups: []))
                    let gained = Standing(somebody, edit.policy).rights(at: new)
                        .subtracting(Standing(somebody, before.policy).rights(at: place))
                    guard !gained.isEmpty else { continue }
                    let note: Comment = "\(author.name) moved \(source) to \(target); \(name) at \(new); \(random)"
                    #expect(own.may(.grant, at: place) && own.may(.grant, at: new), note)
                    #expect(gained.isSubset(of: own.rights(at: place)), note)
                }
            }
        }
        #expect(moved > 5, "too few moves were allowed to tell; \(random)")
    }

    @Test("by a new access is nothing that its author does not hold there, now or when others are appointed")
    func grants() throws {
        var random = Seeded()
        var written = 0
        for _ in 0..<1_000 {
            let site = RandomSite(&random)
            let before = site.snapshot
            let author = Principal(name: random.pick(RandomSite.names), .granted(groups: []))
            let entry = random.pick(site.entries)
            var definition = entry.definition
            definition["access"] = RandomSite.access(&random)["access"]
            var edit = Edit(before, author)
            do {
                try edit.put(entry.path, entry.kind, definition)
                try edit.judge()
            } catch {
                continue
            }
            guard !edit.changes.isEmpty else { continue }
            written += 1
            let own = Standing(author, before.policy)
            #expect(own.may(.grant, at: entry.path), "\(author.name) at \(entry.path); \(random)")
            for place in site.paths {
                let note: Comment = "\(author.name) wrote \(definition) at \(entry.path); at \(place); \(random)"
                for name in RandomSite.names {
                    let somebody = Principal(name: name, .granted(groups: []))
                    let gained = Standing(somebody, edit.policy).rights(at: place)
                        .subtracting(Standing(somebody, before.policy).rights(at: place))
                    #expect(gained.isSubset(of: own.rights(at: place)), note)
                }
                let roles = zip(before.policy.allowances(at: place), edit.policy.allowances(at: place))
                for (old, new) in roles {
                    #expect(new.rights.subtracting(old.rights).isSubset(of: own.rights(at: place)), note)
                }
            }
        }
        #expect(written > 5, "too few grants were allowed to tell; \(random)")
    }

    @Test("locks out no superuser")
    func superuser() throws {
        var random = Seeded()
        for _ in 0..<50 {
            let site = RandomSite(&random)
            let root = Standing(Principal(name: "root", .superuser), site.snapshot.policy)
            #expect(site.paths.allSatisfy { root.rights(at: $0) == .all }, "\(random)")
        }
    }
}
