import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Selectors")
struct SelectorTests {
    private static let machine: Value = [
        "path": "/courses/so/ana/web", "state": "running", "ansible": ["groups": ["web", "edge"]],
        "vars": [
            "role": "web", "port": 80, "ratio": 1.5, "on": true, "none": .null, "tags": ["a", "b"], "m": ["x": 1],
            "a.b": "dot", "odd": "x,(y) z",
        ],
    ]

    @Test(
        "mean a machine or not",
        arguments: [
            ("state=running", true), ("state==running", true), ("state!=running", false), ("state=stopped", false),
            (" state = running , vars.role=web ", true), ("state=running,vars.role=db", false), ("vars.port=80", true),
            ("vars.ratio=1.5", true), ("vars.on=true", true), ("vars.none=null", true), ("vars.none", true),
            ("vars.tags=b", true), ("vars.tags=c", false), ("vars.tags!=b", false), ("vars.m=x", false),
            ("vars.m.x=1", true), ("vars.\"a.b\"=dot", true), ("vars.role", true), ("!vars.role", false),
            ("!vars.proxy", true),
            ("vars.proxy", false), ("vars.proxy!=x", true), ("vars.proxy=x", false), ("vars.role in (db, web)", true),
            ("vars.role in (db)", false), ("vars.role notin (db)", true), ("vars.role notin (web,db)", false),
            ("vars.proxy notin (a)", true), ("vars.role in(web)", true), ("vars.odd=\"x,(y) z\"", true),
            ("vars.odd in (\"x,(y) z\", a)", true), ("path~/courses/*/ana/web", true), ("path~/courses/*/web", false),
            ("path~/courses/**", true), ("path~/courses/**/web", true), ("path~**", true),
            ("path~/**/**/**/**/db", false),
            ("vars.port~80", false), ("vars.role in ()", false), ("ansible.groups=edge", true),
            ("ansible.groups notin (edge)", false), ("ansible.groups", true), ("!ansible.groups", false),
            ("ansible.user", false), ("!hypervisor", true), ("hypervisor!=lab", true),
        ])
    func table(_ text: String, _ isMeant: Bool) throws {
        let selector = try Selector(text)
        func finding(_ key: DottedPath?) -> Selector.Finding { .init(key.flatMap { Self.machine.value(at: $0) }) }
        let ofFields = selector.verdict(fields: { finding(try? DottedPath($0.rawValue)) })
        #expect(min(ofFields, selector.verdict(definition: { finding($0) })) == (isMeant ? .yes : .no))
    }

    @Test(
        "ask for a computed definition only where no index tells",
        arguments: [
            ("path~/courses/**,kind=vm,certname in (a,b),state!=failed,hypervisor=lab,ansible.groups=web", false),
            ("!hypervisor,certname", false), ("ansible.groups notin (web)", false), ("ansible.groups", true),
            ("!ansible.groups", true), ("ansible.user=root", true), ("state=running,vars.role=web", true),
            ("hypervisors.lab", true),
        ])
    func fields(_ text: String, _ asks: Bool) throws {
        #expect(try Selector(text).asksForDefinition == asks)
    }

    @Test(
        "that cannot be read are refused with what would be right",
        arguments: [
            (
                "",
                "selector \"\": \"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            (
                "vars.a=1,",
                "selector \"\": \"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            ("a in (b", "selector \"a in (b\": a parenthesis or a quote is not closed"),
            ("a) in b", "selector \"a) in b\": a parenthesis or a quote is not closed"),
            ("a=\"b", "selector \"a=\"b\": a parenthesis or a quote is not closed"),
            ("a b", "selector \"a b\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("a on (b)", "selector \"a on (b)\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("a!b", "selector \"a!b\": expected =, !=, ~, in (…) or notin (…) after the key"),
            ("stat=running", "selector \"stat=running\": unknown key \"stat\"; did you mean \"state\"?"),
            ("role=web", "selector \"role=web\": unknown key \"role\"; expected one such as state or vars.role"),
            ("!a=b", "selector \"!a=b\": expected ! before a key alone"),
        ])
    func errors(_ text: String, _ message: String) {
        let error = #expect(throws: ServiceError.self) { try Selector(text) }
        #expect(error?.document.detail == message)
        #expect(error?.document.status == 400)
    }

    private static let fleet = """
        entries:
          - path: /
            kind: folder
            definition:
              hypervisor: here
              hypervisors: {here: {driver: memory}, there: {driver: memory}}
          - {path: /lab, kind: folder, definition: {ansible: {groups: [lab]}}}
          - {path: /lab/a, kind: vm, definition: {certname: a.example, vars: {n: 1}}}
          - {path: /lab/b, kind: vm, definition: {hypervisor: there, vars: {n: 2}}}
          - {path: /lab/c, kind: vm, definition: {ansible: {groups: []}, vars: {n: 1}}}
          - {path: /d, kind: vm, definition: {vars: {n: 1, x: "${{ vars.none }}"}}}
        """

    @Test(
        "mean the same machines in a list, in an inventory with variables and in one without",
        arguments: [
            ("certname=a.example", ["a.example"]), ("certname in (b.lab,c.lab,e.lab)", ["b.lab", "c.lab"]),
            ("path~/lab/*", ["a.example", "b.lab", "c.lab"]), ("path=/lab/b", ["b.lab"]), ("kind!=vm", []),
            ("state=provisioned,path!=/lab/a", ["b.lab", "c.lab"]), ("state=running", []),
            ("hypervisor=there", ["b.lab"]), ("hypervisor=here", ["a.example", "c.lab"]), ("!hypervisor", []),
            ("ansible.groups=lab", ["a.example", "b.lab"]), ("ansible.groups!=lab", ["c.lab"]),
            ("ansible.groups", ["a.example", "b.lab", "c.lab"]), ("vars.n=1", ["a.example", "c.lab"]),
            ("vars.n=1,ansible.groups=lab", ["a.example"]), ("hypervisors.there.driver=memory,vars.n=2", ["b.lab"]),
        ])
    func routes(_ text: String, _ names: [String]) async throws {
        try await Site.with { site in
            #expect(try await site.post("/v1/apply?force", yaml: Self.fleet).status == 200)
            let query = "selector=" + text.replacing(" ", with: "%20")
            let reply = try await site.get("/v1/tree/?recursive&fields=certname&\(query)")
            let list = reply["entries"]?.list ?? []
            let isMissing = reply.header("Warning") == nil && !list.contains(["certname": "d"])
            // The broken machine is in the tree, and in no inventory.
            #expect(list.compactMap { $0.map?["certname"]?.string }.filter { $0 != "d" }.sorted() == names)
            for variables in ["all", "connection", "none"] {
                let inventory = try await site.get("/ansible?vars=\(variables)&\(query)")
                let hosts = inventory["_meta"]?.map?["hostvars"]?.map?.keys.map(\.text).sorted()
                #expect(hosts == names, "vars=\(variables): \(inventory.text)")
                #expect((inventory.header("Warning") == nil) == isMissing)
            }
            let lines = try await site.get("/ansible/vars?\(query)").text.split(separator: "\n")
            #expect(lines.count == names.count)
        }
    }

    private static let shop = """
        entries:
          - {path: /, kind: folder, definition: {hypervisor: m, hypervisors: {m: {driver: memory}}}}
          - {path: /shop, kind: folder, definition: {vars: {site: north}}}
          - {path: /shop/w1, definition: {vars: {role: web, m: {n: 1}}}}
          - {path: /shop/w2, definition: {vars: {role: db}}}
          - {path: /shop/w3, definition: {}}
        """

    @Test(
        "take a value that cannot be computed for no other and for none: verbs are refused, lists and inventories warn",
        arguments: ["!vars.role", "vars.role!=web", "vars.role=web", "vars.role", "vars.role in (web)", "!vars.m.n"])
    func broken(_ text: String) async throws {
        try await Site.with(tree: Self.shop) { site in
            #expect(try await site.run("create", "/shop")["state"] == "done")
            let breaking: Value = ["vars": ["role": "${{ vars.roel }}", "m": "${{ vars.mm }}"]]
            #expect(try await site.patch("/v1/tree/shop/w1?force", breaking).status == 200)
            let query = "selector=" + text.replacing(" ", with: "%20")
            let refused = try await site.post("/v1/tree/shop:destroy?\(query)")
            #expect(refused.status == 409 && refused["path"] == "/shop/w1", "\(refused.text)")
            #expect(
                refused.detail
                    == "whether the selector means /shop/w1 is not known: its definition is broken; see /v1/problems")
            let warning = "199 headwater \"1 machine has a broken definition and is left out: "
            let list = try await site.get("/v1/tree/?recursive&\(query)")
            #expect(list.header("Warning") == warning + "/shop/w1; see /v1/problems\"")
            #expect(!list.text.contains("w1"))
            for target in ["/ansible?", "/ansible?vars=none&", "/ansible/vars?"] {
                let reply = try await site.get(target + query)
                #expect(reply.header("Warning") == warning + "w1.shop; see /v1/problems\"", "\(target)")
            }
            let yaml = try await site.get("/ansible?\(query)", ("Accept", "application/yaml"))
            #expect(yaml.header("Warning") == warning + "w1.shop; see /v1/problems\"")
            #expect(try await site.get("/v1/tree/shop/w1")["state"] == "created")
            // What else is asked of it is known, and decides.
            let known = try await site.run("destroy", "/shop", "?\(query),path~/shop/*,path!=/shop/w1")
            #expect(known["state"] == "done", "\(known.text)")
            let other = try await site.run("reconcile", "/shop", "?selector=vars.site=north,!vars.none")
            #expect(other["progress"] == ["done": 3, "total": 3], "\(other.text)")
        }
    }

    @Test("know nothing of a machine that lacks a prototype, nor of its hypervisor where that cannot be computed")
    func unknown() async throws {
        try await Site.with(tree: Self.shop) { site in
            for (name, definition) in [
                ("a", ["prototype": "none", "vars": ["x": 1]]), ("b", ["hypervisor": "${{ vars.none }}"]),
            ] as [(String, Value)] {
                let body: Value = ["kind": "vm", "definition": definition]
                #expect(try await site.put("/v1/tree/shop/\(name)?force", body).status == 201)
            }
            for (text, machines) in [
                ("!vars.y", "1 machine has a broken definition and is left out: /shop/a"),
                ("hypervisor!=m", "2 machines have a broken definition and are left out: /shop/a, /shop/b"),
                ("!hypervisor", "2 machines have a broken definition and are left out: /shop/a, /shop/b"),
            ] {
                let list = try await site.get("/v1/tree/shop?recursive&selector=\(text)")
                #expect(list.header("Warning") == "199 headwater \"\(machines); see /v1/problems\"", "\(text)")
            }
            let page = try await site.get("/v1/tree/?recursive&limit=1&selector=hypervisor")
            #expect(page.header("Warning")?.contains("2 machines") == true && page["next"] == "/shop/w1")
            let next = try await site.get("/v1/tree/?recursive&limit=1&after=/shop/w1&selector=hypervisor")
            #expect(next.header("Warning") == nil && next["next"] == "/shop/w2")
        }
    }

    @Test("find what stands far behind, a page at a time, and nothing twice")
    func pages() async throws {
        let fleet = "entries: [{path: '/lab/m-{0001..4200}', definition: {vars: {name: '${{ self.name }}'}}}]"
        try await Site.with { site in
            #expect(try await site.post("/v1/apply", yaml: fleet).status == 200)
            let names = ["m-0001", "m-4095", "m-4096", "m-4097", "m-4200"]
            var found: [String] = []
            var after: String? = ""
            while let last = after {
                let target = "/v1/tree/?recursive&limit=2&selector=vars.name%20in%20(\(names.joined(separator: ",")))"
                let page = try await site.get(target + (last.isEmpty ? "" : "&after=\(last)"))
                found += (page["entries"]?.list ?? []).compactMap { $0.map?["path"]?.string }
                after = page["next"]?.string
            }
            #expect(found == names.map { "/lab/\($0)" })
        }
    }
}
