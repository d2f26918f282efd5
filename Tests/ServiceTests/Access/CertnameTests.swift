import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("A certname")
struct CertnameTests {
    private func with(_ body: (Site, _ teresa: Site) async throws -> Void) async throws {
        var options = Service.Options()
        options.certificates.compilers = ["puppet.lab.example"]
        options.certificates.reserved = ["ca.lab.example"]
        try await Site.with(options, tree: Courses.tree, people: Courses.people) { site in
            try await body(site, site.acting(as: "teresa"))
        }
    }

    private static let outside =
        "does not lie below the machine's domain; expected one that does, or the right \"trust\""
    private static let reserved = "is reserved by the service's configuration; a superuser could give it"

    @Test(
        "lies below the domain that comes from above, unless who gives it is trusted, whatever makes it",
        arguments: [
            ("puppet.corp.example", false), ("lab.example", false), ("weblab.example", false), ("xlab.example", false),
            ("www.lab.example", true), ("a.b.lab.example", true), ("${{ self.name }}.lab.example", true),
            ("web.alice.so.courses.corp.example", false), ("${{ self.name }}.${{ vars.zone }}", false),
        ])
    func domain(_ name: String, _ isGiven: Bool) async throws {
        try await with { site, teresa in
            let patch: Value = ["certname": .string(name), "vars": ["zone": "corp.example"]]
            let reply = try await teresa.patch("/v1/tree/courses/so/alice/web", patch)
            #expect(reply.status == (isGiven ? 200 : 403), "\(reply.text)")
            if !isGiven { #expect(reply.detail.hasSuffix(Self.outside), "\(reply.detail)") }
            let plan = try await teresa.post("/v1/plan", ["patch": "/courses/so/alice/web", "definition": patch])
            #expect(plan.status == (isGiven ? 200 : 403), "\(plan.text)")
            if !isGiven { #expect(try await site.patch("/v1/tree/courses/so/alice/web", patch).status == 200) }
        }
    }

    @Test("is not moved out of its domain by who may not change that: by a variable, a prototype, a folder, or unset")
    func ways() async throws {
        try await with { site, teresa in
            #expect(try await teresa.patch("/v1/tree/courses/so/common", ["domain": "corp.example"]).status == 403)
            #expect(try await teresa.patch("/v1/tree/courses/so/common", ["unset": ["domain"]]).status == 403)
            let folder = try await teresa.patch(
                "/v1/tree/courses/so/common?force", ["certname": "${{ self.name }}.corp.example"])
            #expect(folder.status == 403, "\(folder.text)")
            let own: Value = ["certname": "${{ vars.label }}.lab.example", "vars": ["label": "fine"]]
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/web", own).status == 200)
            let evil = try await teresa.patch(
                "/v1/tree/courses/so/alice/web", ["certname": "x${{ vars.label }}", "vars": ["label": ".example"]])
            #expect(evil.detail == "/courses/so/alice/web: the certname \"x.example\" \(Self.outside)")
            // What those with trust gave stays when others change something else.
            #expect(try await site.patch("/v1/tree/courses/so/alice/db", ["certname": "db.corp.example"]).status == 200)
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/db", ["vars": ["n": 1]]).status == 200)
            #expect(try await teresa.post("/v1/tree/courses/so/alice/db:move", ["to": "/courses/so/db"]).status == 201)
            #expect(try await teresa.get("/enc/db.corp.example").status == 200)
        }
    }

    @Test("does not lie below a domain that who gives it made so by force, at once or in steps")
    func forced() async throws {
        try await with { site, teresa in
            let referring: Value = ["domain": "${{ vars.dom }}", "vars": ["dom": "lab.example"]]
            #expect(try await site.patch("/v1/tree/common", referring).status == 200)
            let vars: Value = ["dom": "corp.example"]
            for definition in [
                ["vars": vars, "certname": "puppet.corp.example"], ["vars": vars],
                ["vars": vars, "certname": "x.corp.example", "note": "${{ vars.none }}"],
            ] as [Value] {
                let body: Value = ["kind": "vm", "definition": definition]
                let reply = try await teresa.put("/v1/tree/courses/so/alice/x?force", body)
                #expect(reply.status == 403 && reply.detail.hasSuffix(Self.outside), "\(reply.text)")
            }
            let folder = try await teresa.patch("/v1/tree/courses/so/alice/common?force", ["vars": vars])
            #expect(folder.status == 403 && folder.detail.hasSuffix(Self.outside), "\(folder.text)")
            // Whatever else is wrong with a machine has nothing to do with its name.
            let broken: Value = ["vars": ["role": "${{ vars.none }}"]]
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/web?force", broken).status == 200)
            #expect(try await site.patch("/v1/tree/common", ["vars": ["dom": "corp.example"]]).status == 200)
            #expect(try await teresa.get("/hiera/db.alice.so.courses.corp.example").status == 200)
        }
    }

    @Test("that stays is judged where its domain becomes another")
    func staying() async throws {
        try await with { site, teresa in
            let offer: Value = ["prototypes": ["corp": ["domain": "corp.example"]]]
            #expect(try await site.patch("/v1/tree/common", offer).status == 200)
            let own: Value = ["prototype": "corp", "certname": "www.corp.example"]
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/web", own).status == 200)
            let kept = try await teresa.patch("/v1/tree/courses/so/alice/web", ["prototype": .null])
            #expect(
                kept.detail == "/courses/so/alice/web: the certname \"www.corp.example\" \(Self.outside)",
                "\(kept.text)")
            // Who may change the domain may leave names outside it.
            try await MatrixRequest.trust("dean", site)
            let dean = site.acting(as: "dean")
            #expect(try await site.patch("/v1/tree/courses/so/alice/db", ["certname": "www.lab.example"]).status == 200)
            let narrowed: Value = ["access": ["may": ["manager": ["view", "edit"]]]]
            #expect(try await site.patch("/v1/tree/courses/so/alice/common", narrowed).status == 200)
            let domain = try await dean.patch("/v1/tree/courses/common", ["domain": "other.example"])
            #expect(domain.status == 200, "\(domain.text)")
        }
    }

    @Test(
        "of a compiler, of the authority or of the service itself is a superuser's to give",
        arguments: ["puppet", "ca"])
    func reserved(_ name: String) async throws {
        try await with { site, teresa in
            let patch: Value = ["certname": .string("\(name).lab.example")]
            let reply = try await teresa.patch("/v1/tree/courses/so/alice/web", patch)
            #expect(reply.status == 403)
            #expect(reply.detail == "/courses/so/alice/web: the certname \"\(name).lab.example\" \(Self.reserved)")
            try await MatrixRequest.trust("dean", site)
            #expect(try await site.acting(as: "dean").patch("/v1/tree/courses/so/alice/web", patch).status == 403)
            #expect(try await site.patch("/v1/tree/courses/so/alice/web", patch).status == 200)
            #expect(try await teresa.patch("/v1/tree/courses/so/alice/web", ["vars": ["n": 1]]).status == 200)
        }
    }
}
