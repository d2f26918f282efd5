import OrderedCollections
import TLS
import Testing
import Tree

@testable import Service

@Suite("Who has a role")
struct RoleTests {
    @Test("as a manager keeps his folder: makes, changes and deletes, lets people in, and has nothing beside it")
    func teacher() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let zoe: Value = ["kind": "folder", "definition": ["access": ["users": ["eve"]]]]
            #expect(try await teresa.put("/v1/tree/courses/so/zoe", zoe).status == 201)
            let lab: Value = ["kind": "vm", "definition": [:]]
            #expect(try await teresa.put("/v1/tree/courses/so/zoe/lab", lab).status == 201)
            #expect(try await site.acting(as: "eve").run("create", "/courses/so/zoe/lab")["state"] == "done")
            #expect(try await teresa.delete("/v1/tree/courses/so/zoe?recursive&destroy").status == 204)
            #expect(try await site.acting(as: "eve").get("/v1/tree/courses/so/zoe").status == 404)
            #expect(try await teresa.put("/v1/tree/courses/ai/own", lab).status == 404)
            #expect(try await teresa.put("/v1/tree/courses/own", lab).status == 404)
            #expect(try await teresa.patch("/v1/tree/courses/common", ["vars": ["x": 1]]).status == 404)
        }
    }

    @Test("as a customer starts and stops his machine; what he lacks is named with those who could grant it")
    func customer() async throws {
        try await Courses.with { site async throws in
            #expect(try await site.run("create", "/customers/carl/shop")["state"] == "done")
            let carl = site.acting(as: "carl")
            #expect(try await carl.run("start", "/customers/carl/shop")["state"] == "done")
            #expect(try await carl.run("stop", "/customers/carl/shop")["state"] == "done")
            let refused = try await carl.post("/v1/tree/customers/carl/shop:destroy")
            #expect(refused.status == 403)
            #expect(
                refused.detail
                    == "carl lacks the right \"destroy\" at /customers/carl/shop; a superuser could grant it")
            let alice = try await site.acting(as: "alice").patch("/v1/tree/courses/so/alice/web", ["vars": [:]])
            #expect(alice.status == 200, "a patch that changes nothing takes nothing")
            let edited = try await site.acting(as: "alice").patch("/v1/tree/courses/so/alice/web", ["vars": ["a": 1]])
            #expect(edited.status == 403)
            #expect(
                edited.detail
                    == "alice lacks the right \"edit\" at /courses/so/alice/web; dean or teresa could grant it")
            #expect(
                try await carl.listed("/v1/tree/?recursive") == [
                    "/", "/customers", "/customers/carl", "/customers/carl/shop",
                ])
        }
    }

    @Test("gives nobody what he does not hold himself, whatever way he tries")
    func gifts() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let rights: Value = ["access": ["may": ["manager": ["view", "grant", "trust"]]]]
            let given = try await teresa.patch("/v1/tree/courses/so/alice/common", rights)
            #expect(given.status == 403)
            #expect(
                given.detail == "teresa cannot give what teresa does not hold: at /courses/so/alice, "
                    + "dean would get the right trust")
            let user: Value = ["access": ["may": ["user": ["view", "edit"]]]]
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/common", user).status == 200)
            #expect(
                try await site.acting(as: "alice").patch("/v1/tree/courses/so/alice/web", ["vars": ["a": 1]]).status
                    == 200)
            let alice = try await site.acting(as: "alice").patch(
                "/v1/tree/courses/so/alice/common", ["access": ["users": ["alice", "eve"]]])
            #expect(alice.status == 403)
            #expect(alice.detail.hasPrefix("alice lacks the right \"grant\" at /courses/so/alice; "))
            // A copy brings the `access` along, and so needs to grant where it is to stand.
            #expect(try await site.post("/v1/tree/courses/so/bob:copy", ["to": "/courses/so/eve"]).status == 201)
        }
    }

    @Test("loses on the way down what a nearer level takes, which none below gives back")
    func narrowing() async throws {
        try await Courses.with { site async throws in
            for (path, rights) in [("", ["view", "start"]), ("/alice", ["view", "start", "stop", "destroy"])] {
                let may = Value.list(rights.map { .string($0) })
                let written = try await site.patch(
                    "/v1/tree/courses/so\(path)/common", ["access": ["may": ["user": may]]])
                #expect(written.status == 200)
            }
            let alice = try await site.acting(as: "alice").get("/v1/access/courses/so/alice/web")
            #expect(alice["rights"] == ["view", "start"])
            #expect(alice["roles"] == [["role": "user", "as": "alice", "from": "/courses/so/alice"]])
            #expect(
                alice["may"] == [
                    ["role": "user", "rights": ["view", "start"], "from": ["/courses/so", "/courses/so/alice"]]
                ])
        }
    }

    @Test("writes what could run code elsewhere only with trust")
    func trust() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            for definition: Value in [
                ["hypervisors": ["h": ["driver": "libvirt", "uri": "qemu+ssh://root@other/system"]]],
                ["images": ["i": ["file": "/etc/shadow"]]], ["networks": ["n": ["bridge": "br0"]]],
                ["pools": ["p": ["path": "/etc"]]], ["ansible": ["connection": "local"]],
                ["puppet": ["interpolate": true]], ["prototypes": ["p": ["ansible": ["templates": true]]]],
            ] {
                let reply = try await teresa.patch("/v1/tree/courses/so/common", definition)
                #expect(reply.status == 403, "\(definition): \(reply.text)")
                #expect(reply.detail == "teresa lacks the right \"trust\" at /courses/so; a superuser could grant it")
                let plan: Value = ["patch": "/courses/so", "definition": definition]
                #expect(try await teresa.post("/v1/plan", plan).detail == reply.detail)
            }
            #expect(try await teresa.patch("/v1/tree/courses/so/common", ["vars": ["fine": true]]).status == 200)
        }
    }

    @Test("moves only what he may delete here and write there, and widens nobody's rights without grant at both ends")
    func moves() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let out = try await teresa.post("/v1/tree/courses/so/alice/web:move", ["to": "/courses/ai/web"])
            #expect(out.status == 404 && out.detail == "/courses/ai/web does not exist")
            let narrow: Value = ["access": ["may": ["manager": ["view", "edit", "delete", "create-folder"]]]]
            #expect(try await site.patch("/v1/tree/courses/so/bob/common", narrow).status == 200)
            let shared = try await teresa.post("/v1/tree/courses/so/bob/web:move", ["to": "/courses/so/alice/old"])
            #expect(shared.status == 403)
            #expect(
                shared.detail.hasSuffix(
                    "a move that widens rights needs the right \"grant\" at both ends, and teresa lacks it at "
                        + "/courses/so/bob/web"), "\(shared.text)")
            let own = try await teresa.post("/v1/tree/courses/so/alice/web:move", ["to": "/courses/so/web"])
            #expect(own.status == 201, "\(own.text)")
        }
    }

    @Test("is told what he may do and why; of others only with grant there")
    func access() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            let alice = try await teresa.get("/v1/access/courses/so/alice?principal=alice")
            #expect(alice["rights"] == ["view", "start", "stop", "create", "destroy", "console", "snapshot"])
            let refused = try await site.acting(as: "alice").get("/v1/access/courses/so/alice?principal=teresa")
            #expect(refused.status == 403 && refused.detail.contains("\"grant\""))
            let me = try await site.acting(as: "alice").get("/v1/whoami")
            #expect(me["places"]?.list?.compactMap { $0.map?["path"] } == ["/courses/so/alice"])
            #expect(try await site.acting(as: "eve").get("/v1/whoami")["places"] == [])
        }
    }

    @Test(
        "who has the documents of one machine has an inventory of it alone, and an error where there is none",
        arguments: [true, false])
    func inventory(hasCertificate: Bool) async throws {
        let web = "web.alice.so.courses.lab.example"
        try await Courses.with { site async throws in
            try await Self.acting(as: web, hasCertificate, site) { machine async throws in
                for query in ["", "?folder=/courses/so", "?at=\(try await site.get("/v1/tree").revision ?? 0)"] {
                    let list = try await machine.get("/ansible\(query)")
                    #expect(list["_meta"]?.map?["hostvars"]?.map?.keys.elements == [Tree.Key(web)], "\(list.text)")
                    #expect(
                        try await list["_meta"]?.map?["hostvars"]?.map?[web]
                            == machine.get("/ansible/hosts/\(web)").json)
                    #expect(list["courses__so__alice"] == ["hosts": [.string(web)]])
                    #expect(list["courses__so__exam"] == nil)
                }
                let lean = try await machine.get("/ansible?vars=none")
                #expect(lean["_meta"] == ["hostvars": .map([Tree.Key(web): [:]])])
                let lines = try await machine.get("/ansible/vars")
                #expect(lines.text.split(separator: "\n").count == 1 && lines.text.hasPrefix(#"{"host":"\#(web)""#))
                #expect(try await machine.get("/ansible?selector=state=running")["_meta"] == ["hostvars": [:]])
                for folder in ["/courses/so/exam", "/nowhere"] {
                    let other = try await machine.get("/ansible?folder=\(folder)")
                    #expect(other.status == 404 && other.detail == "\(folder) does not exist", "\(other.text)")
                }

                let broken = ["vars": ["a": "${{ vars.nowhere }}"]] as Value
                #expect(try await site.patch("/v1/tree/courses/so/alice/web?force=true", broken).status == 200)
                let refused = try await machine.get("/ansible")
                #expect(refused.status == 409 && refused.detail.contains("${{ vars.nowhere }} leads nowhere"))
                #expect(try await site.delete("/v1/tree/courses/so/alice/web").status == 204)
                let gone = try await machine.get("/ansible")
                #expect(gone.status == 404 && gone.detail == "no machine is called \"\(web)\"", "\(gone.text)")
            }
        }
    }

    /// As a machine, by a certificate or by a token for its certname.
    private static func acting(
        as certname: String, _ hasCertificate: Bool, _ site: Site, _ body: (Site) async throws -> Void
    ) async throws {
        guard !hasCertificate else { return try await site.showing(Certificate(name: certname), body) }
        var machine = site
        let token = try await site.post("/v1/tokens", ["certname": .string(certname)])
        machine.token = try #require(token["token"]?.string, "\(token.text)")
        try await body(machine)
    }

    @Test("as a machine, by its certificate, reads the documents of its own name and nothing else")
    func machine() async throws {
        try await Courses.with { site async throws in
            try await site.showing(Certificate(name: "web.alice.so.courses.lab.example")) { machine async throws in
                for tool in ["enc", "hiera", "pillar", "salt/top", "ansible/hosts"] {
                    let own = try await machine.get("/\(tool)/web.alice.so.courses.lab.example")
                    #expect(own.status == 200)
                    let other = try await machine.get("/\(tool)/db.alice.so.courses.lab.example")
                    let absent = try await machine.get("/\(tool)/xx.alice.so.courses.lab.example")
                    #expect(other.status == 404)
                    #expect(other.text == absent.text.replacing("xx.alice", with: "db.alice"))
                }
                #expect(
                    try await machine.get("/v1/whoami").json == [
                        "principal": "web.alice.so.courses.lab.example", "superuser": false, "machine": true,
                        "places": [],
                    ])
                for target in ["/v1/tree", "/v1/tree/courses/so/alice/web", "/v1/explain/courses/so/alice/web"] {
                    #expect(try await machine.get(target).status == 404)
                }
                #expect(try await machine.get("/v1/operations").json == ["operations": []])
                #expect(try await machine.get("/v1/revisions").json == ["revisions": []])
                let patched = try await machine.patch("/v1/tree/courses/so/alice/web", ["vars": ["role": "db"]])
                #expect(patched.status == 404)
            }
        }
    }
}
