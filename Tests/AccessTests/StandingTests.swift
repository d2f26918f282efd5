import Access
import OrderedCollections
import Testing
import Tree

@Suite("Standing")
struct StandingTests {
    private let policy: Policy
    private let web: Path

    init() throws {
        web = try Path("/so/alice/web")
        policy = Policy()
            .setting(Grant(["access": ["managers": ["@teachers"], "readers": ["puppet"]]]), at: try Path("/so"))
            .setting(Grant(["access": ["users": ["alice"]]]), at: try Path("/so/alice"))
    }

    private func rights(_ principal: Principal, _ path: Path) -> [Right] {
        Standing(principal, policy).rights(at: path).list
    }

    @Test("of a bounded token is what its owner may do, within its bounds")
    func bounds() throws {
        let groups = Authority.granted(groups: ["teachers"])
        let start = Bounds(folder: try Path("/so/alice"), rights: [.view, .start, .trust])
        #expect(rights(Principal(name: "ana", groups, bounds: start), web) == [.view, .start])
        #expect(rights(Principal(name: "ana", groups, bounds: start), try Path("/so/bob")) == [])
        let blind = Bounds(rights: [.start])
        #expect(rights(Principal(name: "ana", groups, bounds: blind), web) == [])
        let admin = Principal(name: "root", .superuser, bounds: start)
        #expect(!admin.isSuperuser)
        #expect(rights(admin, web) == [.view, .start, .trust])
        #expect(rights(admin, .root) == [])
        #expect(Standing(admin, policy).finds(.root))
        #expect(try !Standing(admin, policy).finds(Path("/ai")))
        #expect(Standing(admin, policy).places == [try Path("/so/alice")])
    }

    @Test("comes by a name of the same bytes only")
    func bytes() throws {
        let (composed, decomposed) = ("jos\u{E9}", "jose\u{301}")
        let named = Policy().setting(Grant(["access": ["managers": [.string(composed)]]]), at: .root)
        let may = { (name: String) in Standing(Principal(name: name, .granted(groups: [])), named).sees(.root) }
        #expect(may(composed) && !may(decomposed))
        let group = Policy().setting(Grant(["access": ["readers": [.string("@" + composed)]]]), at: .root)
        let sees = { (name: String) in Standing(Principal(name: "ana", .granted(groups: [name])), group).sees(.root) }
        #expect(sees(composed) && !sees(decomposed))
    }

    @Test("of a machine is to read the documents of its own certname, and nothing else")
    func machine() {
        let standing = Standing(Principal(name: "web.example", .machine), policy)
        #expect(standing.reads("web.example", at: web))
        #expect(!standing.reads("db.example", at: web))
        #expect(standing.rights(at: web) == [])
        #expect(!standing.finds(.root))
        #expect(standing.places == [])
    }

    @Test("of a machine does not come by a grant to somebody of its name")
    func namesake() {
        let standing = Standing(Principal(name: "alice", .machine), policy)
        #expect(standing.rights(at: web) == [])
        #expect(!standing.reads("web.example", at: web))
    }

    @Test("of a token bound to one certname is to read that one's documents, if its owner may")
    func certname() {
        let bounds = Bounds(certname: "web.example")
        for (authority, reads) in [(Authority.superuser, true), (.granted(groups: []), false)] {
            let standing = Standing(Principal(name: "ana", authority, bounds: bounds), policy)
            #expect(standing.reads("web.example", at: web) == reads)
            #expect(!standing.reads("db.example", at: web))
            #expect(standing.rights(at: web) == [])
            #expect(!standing.finds(web))
        }
        let puppet = Standing(Principal(name: "puppet", .granted(groups: []), bounds: bounds), policy)
        #expect(puppet.reads("web.example", at: web))
    }

    @Test("comes by a group only to those in it")
    func groups() throws {
        #expect(rights(Principal(name: "@teachers", .granted(groups: [])), web) == Role.manager.standard.list)
        #expect(rights(Principal(name: "teachers", .granted(groups: [])), web) == [])
        #expect(rights(Principal(name: "eva", .granted(groups: ["teachers"])), web) == Role.manager.standard.list)
        #expect(rights(Principal(name: "eva", .granted(groups: ["alice"])), web) == [])
    }

    @Test("tells which entry gives a role, and who could give a right")
    func appointments() throws {
        let standing = Standing(Principal(name: "alice", .granted(groups: ["teachers"])), policy)
        let told = standing.appointments(at: web).map { "\($0.role) as \($0.name) from \($0.path)" }
        #expect(told == ["manager as @teachers from /so", "user as alice from /so/alice"])
        #expect(policy.granters(of: .edit, at: web) == ["@teachers"])
        #expect(policy.granters(of: .trust, at: web) == [])
    }
}
