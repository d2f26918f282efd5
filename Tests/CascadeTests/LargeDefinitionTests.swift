import Cascade
import OrderedCollections
import Testing
import Tree

/// Of this many keys a look at all of them for each would take many minutes.
private let count = 20_000

@Suite("A definition of very many keys", .timeLimit(.minutes(3)))
struct LargeDefinitionTests {
    private static func keys(_ prefix: String) -> [Key] { (0..<count).map { "\(prefix)\($0)" } }

    private static func machine(_ folder: Map, _ own: Map) throws -> Computed {
        Inheritance(root: common(.root, folder)).compute(try local(Path("/web"), own))
    }

    private static func vars(_ prefix: String, _ value: (Int) -> Value) -> Map {
        Map(uniqueKeysWithValues: keys(prefix).enumerated().map { ($1, value($0)) })
    }

    @Test("of which a level unsets each, and its explanation says so of each")
    func unset() throws {
        let vars = Self.vars("key") { .integer($0) }
        let unset = vars.keys.map { Value.string("vars.\($0)") }
        let computed = try Self.machine(["vars": .map(vars)], ["unset": .list(unset), "vars": ["key7": 7]])
        #expect(computed.vars == ["key7": 7])
        #expect(computed.removals.count == count)
        let explanations = computed.explanations()
        #expect(explanations.count == count && explanations.allSatisfy { $0.removals.count == 1 })
        #expect(explanations.last?.absence == "vars.key\(count - 1) was unset at /web")
    }

    @Test("that refer to as many which are not there is refused with what was meant for the first twenty")
    func dangling() throws {
        let vars = Self.vars("key") { .integer($0) }.merging(Self.vars("ref") { .string("${{ vars.kex\($0) }}") }) {
            $1
        }
        let computed = try Self.machine([:], ["vars": .map(vars)])
        #expect(computed.problems.count == count)
        #expect(computed.problems.count { $0.message.contains("did you mean") } == 20)
        let first =
            "/web: vars.ref0: ${{ vars.kex0 }} leads nowhere: this machine has no vars.kex0; did you mean vars.key0?"
        #expect(computed.texts.first == first)
        #expect(computed.texts.last?.hasSuffix("this machine has no vars.kex\(count - 1)") == true)
    }

    @Test("all of which refer to one map of as many brings in no more than may be, and tells so once")
    func heavy() throws {
        let refs = Self.vars("ref") { _ in "${{ vars.m }}" }
        let vars = refs.merging(["m": .map(Self.vars("key") { .integer($0) })]) { $1 }
        let computed = try Self.machine([:], ["vars": .map(vars)])
        #expect(computed.problems.map(\.message) == ["references bring in more than 1048576 bytes; expected less"])
    }

    @Test("that is handed down, with 500 references, leaves a machine like another but for the data beside them")
    func exemplar() throws {
        // More would bring in so much that each machine is looked at by itself.
        let refs = Self.vars("ref") { $0 < 500 ? .string("${{ vars.key\($0) }}") : .null }
        let vars = refs.merging(Self.vars("key") { _ in "" }) { $1 }
        var siblings = Siblings(Inheritance(root: common(.root, ["vars": .map(vars)])))
        let own = try local(Path("/web"), ["vars": ["own": 1]])
        #expect(siblings.exemplar(for: own, sharing: []) != nil)
        let other = try local(Path("/web"), ["vars": ["key8": 1]])
        #expect(siblings.exemplar(for: other, sharing: []) == nil)
    }
}
