import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("Puppet, the real one", .serialized)
struct PuppetTests {
    private static let definition: Value = [
        "certname": "web.example.org",
        "puppet": ["classes": ["site": ["port": 8080, "names": ["ñandú", "%{x}"]]], "environment": "teaching"],
        "vars": [
            "role": "wiki", "site::motd": "Grüß Gott", "site::ratio": 1.0, "log_format": "%h \"%{Referer}i\" %D",
            "legs": ["front": 2, "back": .null],
        ],
    ]

    /// Writes what arrived into the file of its name, as JSON.
    private static func module(_ puppet: Puppet) throws {
        try puppet.module(
            "site",
            """
            class site(Integer $port, Array $names, String $motd, Float $ratio, String $absent = 'default') {
              $seen = {
                'port' => $port, 'names' => $names, 'motd' => $motd, 'ratio' => $ratio, 'absent' => $absent,
                'role' => $::role, 'legs' => $::legs, 'log_format' => $::log_format,
                'hiera_log_format' => lookup('log_format'), 'environment' => $environment,
                'path' => $::headwater['path'], 'stale' => $::headwater['stale'],
              }
              file { '\(puppet.scratch.file("seen.json"))':
                content => inline_template('<%= require "json"; JSON.generate(@seen) %>'),
              }
            }
            """)
    }

    @Test("a run gets classes with parameters, variables, values from Hiera and its environment, for one request each")
    func apply() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let puppet = try Puppet(daemon)
            try Self.module(puppet)
            let run = try await puppet.apply("web.example.org")
            #expect(run.status == 0, "\(run.errors)")
            let seen = try puppet.scratch.json("seen.json")
            #expect(
                seen == [
                    "port": 8080, "names": ["ñandú", "%{x}"], "motd": "Grüß Gott", "ratio": 1.0, "absent": "default",
                    "role": "wiki", "legs": ["front": 2, "back": .null], "log_format": "%h \"%{Referer}i\" %D",
                    "hiera_log_format": "%h \"%{Referer}i\" %D", "environment": "teaching", "path": "/lab/web",
                    "stale": .null,
                ])
            #expect(try await daemon.api.count(route: "/enc/{certname}") == 1)
            #expect(try await daemon.api.count(route: "/hiera/{certname}") == 1)
        }
    }

    @Test("a catalog with a hundred class parameters makes one request to Hiera")
    func parameters() async throws {
        try await Daemon.run { daemon in
            let names = (1...100).map { "p\($0)" }
            let values = Map(uniqueKeysWithValues: names.map { ("site::\($0)", .string("value of \($0)")) })
            try await daemon.api.put(
                "/lab/web", "vm",
                ["certname": "web.example.org", "puppet": ["classes": ["site"]], "vars": .map(values)])
            let puppet = try Puppet(daemon)
            let parameters = names.map { "String $\($0)" }.joined(separator: ", ")
            let content = names.map { "${\($0)}" }.joined(separator: ";")
            let file = puppet.scratch.file("seen")
            try puppet.module(
                "site", "class site(\(parameters)) { file { '\(file)': content => \"\(content)\" } }")
            let run = try await puppet.apply("web.example.org")
            #expect(run.status == 0, "\(run.errors)")
            #expect(try puppet.scratch.read("seen") == names.map { "value of \($0)" }.joined(separator: ";"))
            #expect(try await daemon.api.count(route: "/hiera/{certname}") == 1)
        }
    }

    @Test("catalogs that one process compiles share a connection, each with one request, and lose none when it ends")
    func connections() async throws {
        let scratch = try Scratch()
        let config = try scratch.write("headwaterd.yaml", "limits: {idle: 1}\n")
        try await Daemon.run(arguments: ["--config", config]) { daemon in
            let names = (1...3).map { "m\($0).lab" }
            for name in names {
                try await daemon.api.put(
                    "/lab/\(name.prefix(2))", "vm", ["vars": ["seen": .string("of \(name)")]], query: "?parents=true")
            }
            let puppet = try Puppet(daemon)
            let together = try await puppet.catalogs(of: names)
            #expect(together.output == "of m1.lab\nof m2.lab\nof m3.lab\nconnections: 1\n", "\(together.errors)")
            #expect(try await daemon.api.count(route: "/hiera/{certname}") == 3)
            // The service has ended the connection by then.
            let apart = try await puppet.catalogs(of: Array(names.prefix(2)), pause: 4)
            #expect(apart.output == "of m1.lab\nof m2.lab\nconnections: 2\n", "\(apart.errors)")
            #expect(try await daemon.api.count(route: "/hiera/{certname}") == 5)
        }
    }

    @Test("a lookup explains that the value came from Headwater, and a key that is not there is not found")
    func explain() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", Self.definition)
            let puppet = try Puppet(daemon)
            let found = try await puppet.lookup("log_format", of: "web.example.org", options: ["--explain"])
            #expect(found.status == 0, "\(found.errors)")
            #expect(found.output.contains("Hierarchy entry \"Headwater\""))
            #expect(found.output.contains("URI \"\(daemon.url)/hiera/web.example.org\""), "\(found.output)")
            #expect(
                found.output.contains(#"Found key: "log_format" value: "%h \"%{Referer}i\" %D""#), "\(found.output)")
            let missing = try await puppet.lookup("nothing", of: "web.example.org")
            #expect(missing.status == 1)
            #expect(missing.output == "")
        }
    }

    @Test(
        "a machine that Headwater does not know fails the lookup, or is left to the next level where that is asked for")
    func missing() async throws {
        try await Daemon.run { daemon in
            let reason = "answered 404: no machine is called \"nobody.example.org\""
            let levels = "  - {name: Defaults, data_hash: yaml_data, path: common.yaml}"
            let refusing = try Puppet(daemon, levels: levels)
            try refusing.scratch.write("data/common.yaml", "log_format: of the next level\n")
            let refused = try await refusing.lookup("log_format", of: "nobody.example.org")
            #expect(refused.status == 1)
            #expect(refused.output == "")
            #expect(refused.errors.contains("\(reason); the option missing: skip goes on"), "\(refused.errors)")

            let skipping = try Puppet(daemon, options: ", missing: skip", levels: levels)
            try skipping.scratch.write("data/common.yaml", "log_format: of the next level\n")
            let skipped = try await skipping.lookup("log_format", of: "nobody.example.org", options: ["--explain"])
            #expect(skipped.output.contains(reason), "\(skipped.output)\(skipped.errors)")
            #expect(skipped.output.contains("value: \"of the next level\""), "\(skipped.output)")
            let url = "\(daemon.url)/x/hiera/%{trusted.certname}"
            try skipping.hierarchy(
                """
                  - {name: Headwater, data_hash: headwater::data, uri: "\(url)", options: {missing: skip}}
                \(levels)
                """)
            let astray = try await skipping.lookup("log_format", of: "nobody.example.org")
            #expect(astray.status == 1, "\(astray.output)")
            #expect(astray.errors.contains("answered 404: there is nothing at /x/hiera/"), "\(astray.errors)")
            let misspelt = try Puppet(daemon, options: ", missing: empty")
            let told = try await misspelt.lookup("log_format", of: "nobody.example.org")
            #expect(told.errors.contains("\"refuse\" or \"skip\" for missing"), "\(told.errors)")
        }
    }

    @Test("a run's report names the revision of the data that it was made from, and that changes nothing")
    func revision() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put(
                "/lab/web", "vm", ["certname": "web.example.org", "puppet": ["classes": ["headwater", "other"]]])
            let puppet = try Puppet(daemon)
            try puppet.module("other", "class other { notice(\"the ENC says ${::headwater['revision']}\") }")
            for revision in [2, 3] {
                let run = try await puppet.apply("web.example.org", options: ["--reports", "store"])
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.output.contains("the ENC says \(revision)"), "\(run.output)")
                let report = try puppet.lastReport(of: "web.example.org")
                #expect(report.contains("resource: Schedule[headwater.revision \(revision)]"), "\(report)")
                #expect(report.contains("\nstatus: unchanged\n"), "\(report)")
                try await daemon.api.put("/lab", "folder", ["vars": ["site": .integer(revision)]])
            }
        }
    }

    @Test("lookup_options are honoured: a list is fused with that of the next level")
    func options() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put(
                "/lab/web", "vm",
                [
                    "certname": "web.example.org", "vars": ["packages": ["vim", "git"], "plain": ["vim"]],
                    "puppet": ["lookup_options": ["packages": ["merge": "unique"]]],
                ])
            let puppet = try Puppet(daemon, levels: "  - {name: Defaults, data_hash: yaml_data, path: common.yaml}")
            // The global layer's data stand in `data` beside hiera.yaml.
            try puppet.scratch.write("data/common.yaml", "packages: [git, curl]\nplain: [curl]\n")
            let fused = try await puppet.lookup("packages", of: "web.example.org")
            #expect(try fused.json == ["vim", "git", "curl"], "\(fused.errors)")
            let plain = try await puppet.lookup("plain", of: "web.example.org")
            #expect(try plain.json == ["vim"], "\(plain.errors)")
        }
    }

    @Test("a run for a node that is unknown or broken fails and says why")
    func refusals() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put(
                "/lab/bad", "vm", ["vars": ["a": "${{ vars.missing }}"]], query: "?force=true&parents=true")
            let puppet = try Puppet(daemon)
            let unknown = try await puppet.apply("nobody.example.org")
            #expect(unknown.status == 1)
            #expect(
                unknown.errors.contains(
                    "\(daemon.url)/enc/nobody.example.org answered 404: no machine is called \"nobody.example.org\""),
                "\(unknown.errors)")
            let broken = try await puppet.apply("bad.lab")
            #expect(broken.status == 1)
            #expect(
                broken.errors.contains("/enc/bad.lab answered 409: the definition of /lab/bad is broken: "),
                "\(broken.errors)")
        }
    }

    @Test("while Headwater does not answer, runs go on with what it said last, marked as stale")
    func outage() async throws {
        let daemon = try await Daemon.start(in: Scratch())
        try await daemon.api.put("/lab/web", "vm", Self.definition)
        let puppet = try Puppet(daemon)
        try Self.module(puppet)
        #expect(try await puppet.apply("web.example.org").status == 0)
        #expect(try puppet.scratch.json("seen.json")["stale"] == .null)

        // Accepts connections, and says nothing.
        kill(daemon.pid, SIGSTOP)
        let silent = try await puppet.apply("web.example.org")
        kill(daemon.pid, SIGCONT)
        #expect(silent.status == 0, "\(silent.errors)")
        #expect(
            silent.errors.contains(
                "Headwater: \(daemon.url)/hiera/web.example.org gave no answer within 4 s; using the cached copy, "),
            "\(silent.errors)")

        #expect(await daemon.end() == 0)
        let down = try await puppet.apply("web.example.org")
        #expect(down.status == 0, "\(down.errors)")
        let seen = try puppet.scratch.json("seen.json")
        #expect(seen["stale"] == true)
        #expect(seen["port"] == 8080)
        #expect(seen["motd"] == "Grüß Gott")
        #expect(try await puppet.lookup("headwater.stale", of: "web.example.org").json == true)

        let other = try await puppet.apply("other.example.org")
        #expect(other.status == 1)
        #expect(other.errors.contains("gave no answer: "), "\(other.errors)")
        #expect(other.errors.contains("; no cached copy"), "\(other.errors)")
        let unknown = try await puppet.lookup("log_format", of: "other.example.org")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("; no cached copy"), "\(unknown.errors)")
    }

    @Test("what Headwater said last of a machine serves no longer than it may, and not once the machine is gone")
    func keptDocuments() async throws {
        let daemon = try await Daemon.start(in: Scratch())
        try await daemon.api.put("/lab/web", "vm", Self.definition)
        try await daemon.api.put("/lab/old", "vm", ["certname": "old.example.org", "vars": ["role": "wiki"]])
        let puppet = try Puppet(daemon)
        for name in ["web.example.org", "old.example.org"] {
            #expect(try await puppet.lookup("role", of: name).json == "wiki")
        }
        let (web, old) = (try puppet.copy(of: "web.example.org"), try puppet.copy(of: "old.example.org"))
        #expect(try puppet.scratch.mode(web) == 0o600)

        let gone = try await daemon.api.send("DELETE", "/v1/tree/lab/old")
        #expect(gone.status < 300, "\(gone.text)")
        #expect(try await puppet.lookup("role", of: "old.example.org").status == 1)
        #expect(!FileManager.default.fileExists(atPath: puppet.scratch.file(old)))

        #expect(await daemon.end() == 0)
        #expect(try await puppet.lookup("role", of: "web.example.org").json == "wiki")
        try FileManager.default.setAttributes(
            [.modificationDate: Date() - 3_601], ofItemAtPath: puppet.scratch.file(web))
        let late = try await puppet.lookup("role", of: "web.example.org")
        #expect(late.status == 1)
        #expect(late.errors.contains("s old, max_age is 3600 s"), "\(late.errors)")
        try puppet.scratch.write(web, String(puppet.scratch.read(web).prefix(60)))
        let damaged = try await puppet.lookup("role", of: "web.example.org")
        #expect(damaged.status == 1)
        #expect(damaged.errors.contains("is damaged"), "\(damaged.errors)")
    }
}
