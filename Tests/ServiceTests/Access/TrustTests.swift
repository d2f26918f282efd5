import OrderedCollections
import Testing
import Tree

@testable import Service

/// dean keeps /courses and has trust nowhere; teresa keeps /courses/so.
@Suite("What a value that needs trust depends on")
struct TrustTests {
    private static let lack = "dean lacks the right \"trust\" at /courses; a superuser could grant it"

    /// Runs `body` with a site in which those with trust wrote something at /courses/so.
    private func with(
        _ common: Value, courses: Value = [:], _ body: (_ site: Site, _ dean: Site) async throws -> Void
    ) async throws {
        try await Courses.with { site async throws in
            for (place, definition) in [("/courses", courses), ("/courses/so", common)] {
                let written = try await site.patch("/v1/tree\(place)/common", definition)
                try #require(written.status == 200, "\(written.text)")
            }
            try await body(site, site.acting(as: "dean"))
        }
    }

    @Test(
        "is not changed without trust, at its level or above it: by a value, through references, by merge, unset or a prototype",
        arguments: [
            ("vars.args", ["vars": ["args": "-o ProxyCommand=evil"]]),
            ("vars.port", ["vars": ["port": 23]]),
            ("vars.more.x", ["vars": ["more": ["x": "evil"]]]),
            ("merge.\"vars.args\"", ["merge": ["vars.args": "append"]]),
            ("unset.\"vars.port\"", ["unset": ["vars.port"]]),
            ("prototypes.p.vars.args", ["prototypes": ["p": ["vars": ["args": "evil"]]]]),
            ("prototypes.p.unset.vars", ["prototypes": ["p": ["unset": ["vars"]]]]),
            ("vars.args", ["vars": ["args": .null]]),
        ] as [(String, Value)])
    func refused(_ place: String, _ patch: Value) async throws {
        let common: Value = ["ansible": ["ssh_common_args": "${{ vars.args }}"], "vars": ["motd": "so"]]
        let courses: Value = [
            "vars": ["args": "-p ${{ vars.port }} ${{ vars.more.x }}", "port": 22, "more": ["x": "y"]]
        ]
        try await with(common, courses: courses) { site, dean in
            let said = try await dean.patch("/v1/tree/courses/common", patch)
            #expect(said.status == 403)
            let expected = "\(Self.lack): ansible.ssh_common_args (from /courses/so/common) depends on \(place)"
            #expect(said.detail == expected)
            let plan = try await dean.post("/v1/plan", ["patch": "/courses", "definition": patch])
            #expect(plan.status == 403 && plan.detail == expected)
            // Who has trust there may, and what it does not depend on anybody may.
            #expect(try await dean.patch("/v1/tree/courses/common", ["vars": ["other": 1]]).status == 200)
            #expect(try await dean.patch("/v1/tree/courses/ai/common", ["vars": ["args": "fine"]]).status == 200)
            #expect(try await site.patch("/v1/tree/courses/common?force", patch).status == 200)
        }
    }

    @Test("is not changed by a revert, an apply, or at the level itself, a machine's included")
    func ways() async throws {
        let courses: Value = ["vars": ["args": "fine"]]
        try await with(["vars": ["motd": "so"]], courses: courses) { site, dean in
            let changed = try await dean.patch("/v1/tree/courses/common", ["vars": ["args": "older"]])
            let number = try #require(changed.revision)
            let trusted: Value = ["ansible": ["ssh_common_args": "${{ vars.args }}"]]
            #expect(try await site.patch("/v1/tree/courses/so/common", trusted).status == 200)
            let expected = "\(Self.lack): ansible.ssh_common_args (from /courses/so/common) depends on vars.args"
            let revert = try await dean.post("/v1/revisions/\(number):revert")
            #expect(revert.status == 403 && revert.detail == expected, "\(revert.text)")
            let entry = try #require(try await site.get("/v1/tree/courses")["definition"]?.map)
            var definition = entry
            definition["vars"] = ["args": "evil"]
            let item: Value = ["path": "/courses", "kind": "folder", "definition": .map(definition)]
            let apply = try await dean.post("/v1/apply", ["entries": [item]])
            #expect(apply.status == 403 && apply.detail == expected, "\(apply.text)")
            let image: Value = ["images": ["i": ["file": "${{ vars.file }}"]], "vars": ["file": "/srv/i.iso"]]
            #expect(try await site.patch("/v1/tree/courses/so/alice/web", image).status == 200)
            let own = try await dean.patch("/v1/tree/courses/so/alice/web", ["vars": ["file": "/etc/shadow"]])
            #expect(
                own.detail.hasSuffix(": images.i.file (from /courses/so/alice/web) depends on vars.file"), "\(own.text)"
            )
            // A move takes along what it needs trust for; a copy is written anew.
            let move = try await dean.post("/v1/tree/courses/so/alice/web:move", ["to": "/courses/ai/web"])
            #expect(move.status == 403, "\(move.text)")
            let copy = try await dean.post("/v1/tree/courses/so/alice/web:copy", ["to": "/courses/ai/web"])
            #expect(copy.status == 403, "\(copy.text)")
        }
    }

    @Test("is chosen among the prototypes that are offered")
    func choice() async throws {
        let courses: Value = [
            "prototypes": ["p": ["vars": ["args": "p"]], "q": ["vars": ["args": "q"]]], "prototype": "p",
        ]
        try await with(["ansible": ["ssh_common_args": "${{ vars.args }}"]], courses: courses) { site, dean in
            let chosen = try await dean.patch("/v1/tree/courses/common", ["prototype": "q"])
            #expect(chosen.status == 200, "\(chosen.text)")
            let web = try await site.get("/v1/computed/courses/so/alice/web")
            #expect(web["ansible"] == ["ssh_common_args": "q"])
            let own = try await dean.patch("/v1/tree/courses/common", ["prototypes": ["q": ["vars": ["args": "x"]]]])
            #expect(own.status == 403)
        }
    }

    @Test(
        "is told of no place that may not be viewed",
        arguments: [
            (
                ["ansible": ["user": "${{ vars.login }}"]], ["vars": ["login": "evil"]],
                "a key that needs trust depends on vars.login"
            ),
            (
                ["ansible": ["templates": true]], ["vars": ["login": "{{ x }}"]],
                "vars.login could be code, which ansible.templates lets through"
            ),
        ] as [(Value, Value, String)])
    func hidden(_ exam: Value, _ patch: Value, _ reason: String) async throws {
        try await with(["vars": ["login": "fine"]]) { site, _ in
            #expect(try await site.patch("/v1/tree/courses/so/exam/common", exam).status == 200)
            let reply = try await site.acting(as: "teresa").patch("/v1/tree/courses/so/common", patch)
            #expect(reply.status == 403)
            #expect(
                reply.detail == "teresa lacks the right \"trust\" at /courses/so; a superuser could grant it: \(reason)"
            )
        }
    }

    @Test(
        "is code where it is let through: nobody without trust adds any, however it is put together",
        arguments: [
            ("ansible", "templates", "{{ lookup('pipe', 'id') }}"), ("ansible", "templates", "now()"),
            ("ansible", "templates", "{"), ("ansible", "templates", "#jinja2:x"),
            ("ansible", "templates", "${{ vars.a }}${{ vars.b }}"), ("ansible", "templates", "{${{ vars.a }}"),
            ("puppet", "interpolate", "%{facts.os}"), ("puppet", "interpolate", "%${{ vars.a }}"),
            ("puppet", "interpolate", "${{ vars.a }}{facts.os}"),
        ])
    func code(_ tool: String, _ flag: String, _ text: String) async throws {
        let common: Value = .map([Tree.Key(tool): .map([Tree.Key(flag): true])])
        try await with(common, courses: ["vars": ["a": 1, "b": 2]]) { site, dean in
            let patch: Value = ["vars": ["x": .string(text)]]
            let reply = try await dean.patch("/v1/tree/courses/common", patch)
            let isPiece = text == "{"
            #expect(reply.status == (isPiece ? 200 : 403), "\(reply.text)")
            guard !isPiece else { return }
            #expect(
                reply.detail
                    == "\(Self.lack): vars.x could be code, which \(tool).\(flag) (from /courses/so/common) lets through"
            )
            #expect(
                try await dean.patch(
                    "/v1/tree/courses/common", ["vars": ["x": "http://${{ self.name }}:${{ vars.a }}/"]]
                ).status == 200)
            #expect(try await dean.patch("/v1/tree/courses/ai/common", patch).status == 200)
            #expect(try await site.patch("/v1/tree/courses/common", patch).status == 200)
            // What such a text refers to is part of it.
            guard text.contains("vars.a") else { return }
            let part = try await dean.patch("/v1/tree/courses/common", ["vars": ["a": "y"]])
            #expect(
                part.detail
                    == "\(Self.lack): vars.a is part of code, which \(tool).\(flag) (from /courses/so/common) lets through",
                "\(part.text)")
        }
    }
}
