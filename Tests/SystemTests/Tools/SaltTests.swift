import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("Salt, the real one", .serialized)
struct SaltTests {
    private static let definition: Value = [
        "certname": "web.example.org",
        "salt": ["states": ["motd", "site"]],
        "vars": [
            "role": "wiki", "greeting": "Grüß Gott 👩🏽‍💻", "ratio": 1.0, "jinja": "{{ 7*7 }}",
            "nested": ["a": [1, .null, true]],
            "profile::ssh::port": 22, "octal": "0644", "no": false,
        ],
    ]

    @Test("the pillar of a minion holds every variable as it was written, and headwater")
    func pillar() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let shown = try await Salt(daemon).pillar("web.example.org")
            #expect(shown.status == 0, "\(shown.errors)")
            var pillar = try #require(try shown.json.map)
            let headwater = pillar.removeValue(forKey: "headwater")
            #expect(headwater?["path"] == "/lab/web")
            #expect(headwater?["certname"] == "web.example.org")
            let written = try #require(Self.definition["vars"]?.map)
            #expect(pillar.keys.sorted() == written.keys.sorted())
            for (key, value) in written { #expect(pillar[key] == value, "\(key)") }
        }
    }

    @Test("what a run returns names the revision of the data that it was made from")
    func revision() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["certname": "web.example.org", "salt": ["states": ["noted"]]])
            let salt = try Salt(daemon)
            try salt.scratch.write(
                "states/noted.sls", "headwater.revision {{ pillar['headwater']['revision'] }}:\n  test.nop\n")
            try await salt.synchronize("web.example.org")
            for revision in [2, 3] {
                let pillar = try await salt.pillar("web.example.org")
                #expect(try pillar.json["headwater"]?["revision"] == .integer(revision), "\(pillar.errors)")
                let applied = try await salt.call("web.example.org", "state.apply")
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                #expect(applied.output.contains("headwater.revision \(revision)"), "\(applied.output)")
                try await daemon.api.put("/lab", "folder", ["vars": ["site": .integer(revision)]])
            }
        }
    }

    @Test("a minion without a master gets its states from the top, and they see the pillar")
    func top() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let salt = try Salt(daemon)
            try salt.scratch.write(
                "states/motd.sls",
                """
                \(salt.scratch.file("motd")):
                  file.managed:
                    - contents_pillar: greeting
                """)
            try salt.scratch.write("states/site.sls", "port-{{ pillar['profile::ssh::port'] }}:\n  test.nop\n")
            try await salt.synchronize("web.example.org")
            let top = try await salt.call("web.example.org", "state.show_top")
            #expect(top.status == 0, "\(top.errors)")
            #expect(try top.json["local"] == ["base": ["motd", "site"]])
            let applied = try await salt.call("web.example.org", "state.apply")
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            #expect(try salt.scratch.read("motd") == "Grüß Gott 👩🏽‍💻\n")
            let states = try #require(try applied.json["local"]?.map)
            #expect(states.count == 2)
            #expect(states.keys.contains { $0.text.contains("port-22") }, "\(states.keys)")
        }
    }

    @Test("a minion that is unknown or broken, and a server that is down, is an error, and nothing is applied")
    func failures() async throws {
        let daemon = try await Daemon.start(in: Scratch())
        try await daemon.api.put("/lab/web", "vm", Self.definition)
        try await daemon.api.put("/lab/bad", "vm", ["vars": ["a": "${{ vars.missing }}"]], query: "?force=true")
        let salt = try Salt(daemon)
        try salt.scratch.write("states/motd.sls", "\(salt.scratch.file("motd")):\n  file.managed:\n    - contents: x\n")

        try await salt.synchronize("web.example.org")
        let unknown = try await salt.pillar("nobody.example.org")
        #expect(try errors(unknown).contains("answered 404: no machine is called \"nobody.example.org\""))
        let broken = try await salt.pillar("bad.lab")
        #expect(try errors(broken).contains("answered 409: the definition of /lab/bad is broken: "))
        let refused = try await salt.call("bad.lab", "state.apply", "motd")
        #expect(refused.status != 0)
        #expect(refused.output.contains("Pillar failed to render"), "\(refused.output)")

        #expect(await daemon.end() == 0)
        let down = try await salt.pillar("web.example.org")
        #expect(try errors(down).contains("/pillar/web.example.org gave no answer: "))
        let stopped = try await salt.call("web.example.org", "state.apply", "motd")
        #expect(stopped.status != 0)
        #expect(!FileManager.default.fileExists(atPath: salt.scratch.file("motd")))
    }

    @Test(
        "a run whose states Headwater cannot tell applies nothing, those of the top file neither",
        arguments: [
            // Their own settings, so that the pillar is had and the top is not.
            "{headwater: {url: \"http://127.0.0.1:1\"}}", "{headwater: {tokenfile: x}}",
            "{ext_nodes: \"\(Repository.path("enc/salt/headwater-top")) --url http://127.0.0.1:1\"}",
        ])
    func halfATop(_ tops: String) async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let salt = try Salt(daemon, tops: tops)
            try salt.scratch.write("states/top.sls", "base:\n  '*':\n    - site\n")
            let site = salt.scratch.file("site")
            try salt.scratch.write("states/site.sls", "\(site):\n  file.managed:\n    - contents: x\n")
            try await salt.synchronize("web.example.org")
            #expect(try await salt.call("web.example.org", "pillar.items").status == 0)
            let refused = try await salt.call("web.example.org", "state.apply")
            #expect(refused.status != 0)
            #expect(refused.output.contains("No matching sls found for 'headwater"), "\(refused.output)")
            let reason = tops.contains("tokenfile") ? "tokenfile" : "/salt/top/web.example.org gave no answer"
            #expect(refused.output.contains(reason), "\(refused.output)")
            #expect(!FileManager.default.fileExists(atPath: site))
        }
    }

    @Test("the program for ext_nodes gives the states that the module gives")
    func program() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let program = "{ext_nodes: \"\(Repository.path("enc/salt/headwater-top"))\"}"
            let top = try await Salt(daemon, tops: program).call("web.example.org", "state.show_top")
            #expect(try top.json["local"] == ["base": ["motd", "site"]], "\(top.errors)")
        }
    }

    @Test("a minion that Headwater does not know has no states from it where that is allowed")
    func unknownMinion() async throws {
        try await Daemon.run { daemon in
            let salt = try Salt(daemon, options: ", missing: empty")
            try await salt.synchronize("nobody.example.org")
            try salt.scratch.write("states/top.sls", "base:\n  '*':\n    - site\n")
            let top = try await salt.call("nobody.example.org", "state.show_top")
            #expect(try top.json["local"] == ["base": ["site"]], "\(top.errors)")
        }
    }

    @Test("an address at which there is no Headwater is an error also where unknown minions are allowed")
    func wrongAddress() async throws {
        try await Daemon.run { daemon in
            let salt = try Salt(daemon, options: ", missing: empty", tops: "{headwater: {url: \"\(daemon.url)/x\"}}")
            try await salt.synchronize("web.example.org")
            let master = try salt.scratch.read("master")
            try salt.scratch.write("master", master.replacingOccurrences(of: daemon.url, with: daemon.url + "/x"))
            let pillar = try await salt.pillar("web.example.org")
            #expect(try errors(pillar).contains("answered 404: there is nothing at /x/pillar/web.example.org"))
            let top = try await salt.call("web.example.org", "state.show_top")
            #expect(top.output.contains("answered 404: there is nothing at /x/salt/top/"), "\(top.output)\(top.errors)")
        }
    }

    @Test("a pillar is one request, and a server that says nothing keeps nobody waiting")
    func requests() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let salt = try Salt(daemon, options: ", timeout: 1")
            #expect(try await salt.pillar("web.example.org").json["role"] == "wiki")
            #expect(try await daemon.api.count(route: "/pillar/{certname}") == 1)

            // It accepts connections still.
            kill(daemon.pid, SIGSTOP)
            let silent = try await salt.pillar("web.example.org")
            kill(daemon.pid, SIGCONT)
            #expect(try errors(silent).contains("/pillar/web.example.org gave no answer: timed out"))
        }
    }

    /// What `show_pillar` shows in place of values; its exit status is 0.
    private func errors(_ outcome: Outcome) throws -> String {
        let shown = try outcome.json
        #expect(shown.map?.keys.elements == ["_errors"], "\(shown)")
        return shown["_errors"]?[0]?.string ?? ""
    }
}
