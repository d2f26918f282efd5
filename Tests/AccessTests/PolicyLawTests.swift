import Access
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Rights in a tree")
struct PolicyLawTests {
    @Test("are what the plain model says, for random trees, people and bounds")
    func model() {
        var random = Seeded()
        for _ in 0..<80 {
            let sample = RandomTree(&random)
            let (policy, model) = (sample.policy, PlainModel(tree: sample.tree))
            for _ in 0..<5 {
                let principal = RandomTree.principal(&random, sample.paths, bounds: random.chance(50))
                let standing = Standing(principal, policy)
                for path in sample.paths {
                    let expected = model.rights(of: principal, at: path)
                    #expect(Set(standing.rights(at: path).list) == expected, "\(principal) at \(path); \(random)")
                    let isOnTheWay = sample.paths.contains {
                        path.contains($0) && !model.rights(of: principal, at: $0).isEmpty
                    }
                    #expect(standing.finds(path) == isOnTheWay, "\(principal) at \(path); \(random)")
                    let seesAll = sample.paths.allSatisfy {
                        !path.contains($0) || !model.rights(of: principal, at: $0).isEmpty
                    }
                    #expect(standing.seesAll(below: path) == seesAll, "\(principal) at \(path); \(random)")
                }
            }
        }
    }

    @Test("at a child never exceed what was granted on the way down")
    func monotony() {
        var random = Seeded()
        for _ in 0..<80 {
            let sample = RandomTree(&random)
            let policy = sample.policy
            for path in sample.paths {
                guard let parent = path.parent else { continue }
                let principal = RandomTree.principal(&random, sample.paths)
                guard principal.authority != .superuser else { continue }
                let own = sample.tree[path]?.entry.definition["access"]?.map ?? [:]
                let standing = Standing(principal, policy)
                let gained = standing.rights(at: path).subtracting(standing.rights(at: parent))
                let roles = Role.allCases.filter { own[$0.key] != nil || own["may"]?.map?[$0.rawValue] != nil }
                // A right that is new here comes by a role that this entry gives, or by what it says of a role first.
                let said = policy.allowances(at: path).filter { roles.contains($0.role) }
                #expect(
                    gained.isSubset(of: said.reduce(into: Rights()) { $0.formUnion($1.rights) }),
                    "\(principal) at \(path): \(gained.list); \(random)")
                for (above, here) in zip(policy.allowances(at: parent), policy.allowances(at: path))
                where !above.from.isEmpty {
                    #expect(here.rights.isSubset(of: above.rights), "\(here.role) at \(path); \(random)")
                }
            }
        }
    }

    @Test("that a change gives are all found: who gains nothing by name or role, gains nothing")
    func widening() {
        var random = Seeded()
        for _ in 0..<150 {
            let (before, after) = (RandomTree(&random), RandomTree(&random))
            let (old, new) = (random.pick(before.paths), random.pick(after.paths))
            let gains = Widening.all(from: old, under: before.policy, to: new, under: after.policy)
            let gained = gains.reduce(into: Rights()) { $0.formUnion($1.rights) }
            for _ in 0..<10 {
                let principal = RandomTree.principal(&random, [.root])
                guard principal.authority != .superuser else { continue }
                let earlier = Standing(principal, before.policy).rights(at: old)
                let later = Standing(principal, after.policy).rights(at: new)
                #expect(later.subtracting(earlier).isSubset(of: gained), "\(principal) \(old) to \(new); \(random)")
            }
        }
    }

    @Test("are the same whether a policy was read at once or changed step by step")
    func steps() {
        var random = Seeded()
        for _ in 0..<60 {
            let (before, after) = (RandomTree(&random), RandomTree(&random))
            var policy = before.policy
            for path in Set(before.paths + after.paths) {
                policy = policy.setting(after.tree[path].flatMap { Grant($0.entry.definition) }, at: path)
            }
            let principal = RandomTree.principal(&random, [.root])
            for path in after.paths {
                #expect(
                    Standing(principal, policy).rights(at: path) == Standing(principal, after.policy).rights(at: path),
                    "\(principal) at \(path); \(random)")
            }
            #expect(policy.places(below: .root) == after.policy.places(below: .root), "\(random)")
        }
    }
}
