import Formats
import Foundation
import Testing
import Tree

@Suite("The client program", .serialized)
struct ClientTests {
    @Test("apply and export are inverses on the faculty: what comes out, applied again, changes nothing")
    func inverse() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            let first = try await client("apply", Faculty.directory, "--to", "/", "--yes", "-o", "json")
            #expect(first.status == 0, "\(first.errors)")
            let scratch = try Scratch()
            let exported = try await client("export", "/", scratch.file("faculty"))
            #expect(exported.status == 0, "\(exported.errors)")
            let written = try FolderForm.read(scratch.file("faculty")).map {
                [$0.path.description, "\($0.kind)", "\($0.definition)"]
            }
            let original = try FolderForm.read(Faculty.directory).map {
                [$0.path.description, "\($0.kind)", "\($0.definition)"]
            }
            #expect(original.count > 46)
            #expect(written == original)
            let again = try await client("apply", scratch.file("faculty"), "--to", "/", "--yes", "-o", "json")
            #expect(try again.json["changed"] == 0 && again.json["created"] == 0, "\(again.output)\(again.errors)")
            #expect(try again.json["revision"] == first.json["revision"])
            // Into its own source: every file says the same already, comments and all.
            try FileManager.default.copyItem(atPath: Faculty.directory, toPath: scratch.file("source"))
            let home = try await client("export", "/", scratch.file("source"), "-o", "json")
            #expect(try home.json["written"] == [], "\(home.errors)")
        }
    }

    @Test(
        "what is as deep as a definition may be is exported and applied, what is deeper is refused alike on every way")
    func depth() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            /// A definition with so many lists and maps within each other.
            func definition(_ depth: Int) -> Value {
                ["vars": ["a": (0..<depth - 2).reduce(Value.integer(1)) { value, _ in [value] }]]
            }
            try await daemon.api.put("/lab/m", "vm", definition(64))
            let scratch = try Scratch()
            #expect(try await client("export", "/lab", scratch.file("lab")).status == 0)
            let same = try await client("apply", scratch.file("lab"), "--to", "/lab", "--yes", "-o", "json")
            #expect(try same.json["changed"] == 0 && same.json["created"] == 0, "\(same.errors)")
            let copy = try await client("apply", scratch.file("lab"), "--to", "/copy", "--yes")
            #expect(copy.status == 0, "\(copy.errors)")
            let copied = try await daemon.api.send("GET", "/v1/tree/copy/m").text
            #expect(
                try JSON.decode(Array(copied.utf8), limits: Limits(depth: .max))["definition"] == definition(64))

            let message = "vars.a: lists and maps stand deeper than 64 levels; expected at most 64"
            try scratch.write("lab/m.json", String(decoding: JSON.encode(definition(65)), as: UTF8.self))
            try FileManager.default.removeItem(atPath: scratch.file("lab/m.yaml"))
            for arguments in [["apply", scratch.file("lab"), "--yes"], ["plan", scratch.file("lab")]] {
                let refused = try await client.run(arguments + ["--to", "/lab"])
                #expect(refused.status == 1)
                #expect(refused.errors == "headwater: /lab/m: \(message)\n", "\(refused.errors)")
            }
            for (method, path, body) in [
                ("PUT", "/v1/tree/lab/m", ["kind": "vm", "definition": definition(65)] as Value),
                ("PATCH", "/v1/tree/lab/m", definition(65)), ("PUT", "/v1/tree/lab/common", definition(65)),
                ("POST", "/v1/plan", ["put": "/lab/m", "kind": "vm", "definition": definition(65)]),
                ("POST", "/v1/plan", ["patch": "/lab/m", "definition": definition(65)]),
            ] {
                let answer = try await daemon.api.send(method, path, body)
                #expect(answer.status == 422 && answer.text.contains(message), "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test(
        "a directory that was exported is merged with what came since, and brought up to date; contradictions stop it")
    func merging() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            let scratch = try Scratch()
            let so = scratch.file("so")
            try await daemon.api.put("/so", "folder", ["vars": ["course": "SO", "n": 1]])
            for name in ["web", "db"] { try await daemon.api.put("/so/\(name)", "vm", ["vars": ["role": "x"]]) }
            #expect(try await client("export", "/so", so).status == 0)

            try await daemon.api.put("/so", "folder", ["vars": ["course": "SO", "n": 2]])
            _ = try await client("rm", "/so/db")
            try await daemon.api.put("/so/new", "vm", [:])
            try scratch.write("so/common.yaml", "vars:\n  course: OS # ours\n  n: 1\n")
            try scratch.write("so/web.yaml", "vars: {role: x} # a comment\n")
            let merged = try await client("apply", so, "--to", "/so", "--yes", "--prune")
            #expect(merged.status == 0, "\(merged.errors)")
            #expect(
                merged.output.contains("removed \(so)/db.yaml, for what came since revision 4\n"), "\(merged.output)")
            #expect(merged.output.contains("wrote \(so)/common.yaml"), "\(merged.output)")
            #expect(try await daemon.api.get("/v1/tree/so/common") == ["vars": ["course": "OS", "n": 2]])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: so).sorted() == [
                    ".headwater", "common.yaml", "new.yaml", "web.yaml",
                ])
            #expect(try scratch.read("so/web.yaml").contains("# a comment"))
            let again = try await client("apply", so, "--to", "/so", "--yes", "--prune", "-o", "json")
            #expect(try again.json["changed"] == 0 && again.json["created"] == 0 && again.json["merged"] == [])

            _ = try await client("set", "/so", "vars.n=3")
            try scratch.write("so/common.yaml", "vars:\n  course: OS\n  n: 4\n")
            let refused = try await client("apply", so, "--to", "/so", "--yes")
            #expect(refused.status == 1 && refused.output == "")
            #expect(
                refused.errors.contains(
                    "/so: vars.n: it is the integer 3 since revision 9 (admin), was the integer 2 and would be the "
                        + "integer 4\nhint: nothing was written; "), "\(refused.errors)")
            #expect(try await client("apply", so, "--to", "/so", "--yes", "--ours").status == 0)
            #expect(try await client("get", "/so", "vars.n", "-o", "json").json == 4)

            let elsewhere = try await client("apply", so, "--to", "/copy", "--yes")
            #expect(elsewhere.status == 0)
            #expect(elsewhere.errors.contains("was exported from /so, not /copy"), "\(elsewhere.errors)")
        }
    }

    @Test("what a tool got at a revision or a time is shown with --at, and exported")
    func past() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/lab/web", "vm", ["vars": ["n": 1]])
            let time = try #require(try await daemon.api.get("/v1/revisions/2")["time"]?.string)
            try await Task.sleep(for: .milliseconds(5))
            try await daemon.api.put("/lab/web", "vm", ["vars": ["n": 2]])
            _ = try await client("mv", "/lab/web", "/lab/www")
            for at in ["2", time] {
                #expect(try await client("enc", "/lab/web", "--at", at).json["parameters"]?["n"] == 1)
                #expect(try await client("hiera", "/lab/web", "n", "--at", at).output == "1\n")
                #expect(try await client("pillar", "/lab/web", "--at", at).json["n"] == 1)
                #expect(try await client("inventory", "--host", "/lab/web", "--at", at).json["n"] == 1)
                #expect(try await client("computed", "/lab/web", "vars.n", "--at", at).output == "1\n")
                #expect(try await client("get", "/lab/web", "vars.n", "--at", at).output == "1\n")
                #expect(try await client("ls", "/lab", "--at", at).output == "web\n")
                #expect(try await client("tree", "/lab", "--at", at).output.contains("web"))
                #expect(try await client("explain", "/lab/web", "vars.n", "--at", at).output.hasPrefix("vars.n  1\n"))
            }
            let scratch = try Scratch()
            #expect(try await client("export", "/lab", scratch.file("then"), "--at", time).status == 0)
            #expect(try scratch.read("then/web.yaml") == "vars:\n  'n': 1\n")
        }
    }

    @Test("set, get, computed, ls, tree, cp, mv and rm do to the tree what they say")
    func tree() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/lab", "folder", ["vars": ["site": "leganes"]])
            try await daemon.api.put("/lab/web", "vm", ["vars": ["where": "${{ vars.site }}"]])
            func expect(_ outcome: Outcome, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
                #expect(outcome.status == 0, "\(outcome.command): \(outcome.errors)", sourceLocation: sourceLocation)
                #expect(outcome.output.contains(text), "\(outcome.command)", sourceLocation: sourceLocation)
            }
            expect(try await client("set", "/lab", "vars.n=3", "vars.names=[a, ñ]"), "/lab: set vars.n")
            #expect(
                try await client("get", "/lab/common", "-o", "json").json == [
                    "vars": ["site": "leganes", "n": 3, "names": ["a", "ñ"]]
                ])
            #expect(try await client("computed", "/lab/web", "vars.where", "-o", "json").json == "leganes")
            expect(try await client("get", "/lab/web", "-o", "yaml"), "where: ${{ vars.site }}")
            expect(try await client("ls", "/lab", "-l"), "web.lab")
            #expect(try await client("ls", "--selector", "vars.n=3").output == "/lab/web\n")
            expect(try await client("cp", "/lab/web", "/lab/db"), "copied /lab/web to /lab/db")
            expect(try await client("mv", "/lab/db", "/lab/sql"), "/lab/sql")
            expect(try await client("tree", "/"), "sql")
            #expect(try await daemon.api.get("/pillar/sql.lab")["where"] == "leganes")
            expect(try await client("rm", "/lab/sql"), "deleted /lab/sql")
            #expect(try await daemon.api.send("GET", "/pillar/sql.lab").status == 404)
            expect(try await client("set", "/lab", "vars.n-"), "/lab: removed vars.n")
            expect(try await client("whoami"), "admin")
        }
    }

    @Test("destroy and rm forget, if told to, what the hypervisor does not let go, and say what is left behind")
    func forgetting() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            func put(faults: Double) async throws {
                let hypervisor: Value = ["driver": "memory", "faults": .float(faults)]
                try await daemon.api.put(
                    "/lab", "folder", ["hypervisor": "memory", "hypervisors": ["memory": hypervisor]])
            }
            try await put(faults: 0)
            for name in ["a", "b"] { try await daemon.api.put("/lab/\(name)") }
            let left =
                "forgets it; left behind, if it is still there: hypervisor memory (memory:///memory): domain lab."
            for words in [["destroy", "/lab", "--forget"], ["rm", "/lab/a", "--forget"]] {
                try await put(faults: 0)
                #expect(try await client("create", "/lab").status == 0)
                try await put(faults: 1)
                let outcome = try await client.run(words)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output.contains("\n  /lab/a: \(left)a, UUID "), "\(outcome.output)")
                #expect(outcome.output.contains("\n  /lab/b: \(left)b, UUID ") == (words[0] == "destroy"))
            }
            #expect(try await daemon.api.send("GET", "/v1/tree/lab/a").status == 404)
            #expect(try await client("audit").output.contains("forget /lab/a"))
        }
    }

    @Test("a verb that is refused at one path is asked for at the others, and disks that are left are named")
    func severalPaths() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "hypervisor": "memory", "hypervisors": ["memory": ["driver": "memory"]],
                    "pools": ["default": ["pool": "default"]], "disks": ["root": ["size": "1MiB"]],
                ])
            for name in ["a", "b"] { try await daemon.api.put("/lab/\(name)") }
            #expect(try await client("create", "/lab/b").status == 0)
            let started = try await client("start", "/lab/a", "/lab/b")
            #expect(started.status == 1 && started.output == "start /lab/b: done\n", "\(started.output)")
            #expect(started.errors.contains("headwater: /lab/a: "), "\(started.errors)")
            let destroyed = try await client("destroy", "/lab", "--keep-disks")
            #expect(destroyed.status == 0)
            #expect(
                destroyed.output.hasPrefix("destroy /lab: done, 2 machines\n  /lab/b: left: default/"),
                "\(destroyed.output)")
        }
    }

    @Test("create, start, stop and destroy wait for the machines of a folder, and ops tells of them")
    func machines() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "hypervisor": "memory", "hypervisors": ["memory": ["driver": "memory"]],
                    "hardware": ["cpus": 1, "memory": "64MiB"],
                ])
            for name in ["a", "b"] { try await daemon.api.put("/lab/\(name)") }
            for (verb, state) in [
                ("create", "created"), ("start", "running"), ("stop", "stopped"), ("destroy", "provisioned"),
            ] {
                let outcome = try await client(verb, "/lab")
                #expect(outcome.status == 0, "\(verb): \(outcome.output)\(outcome.errors)")
                for name in ["a", "b"] {
                    #expect(
                        try await client("get", "/lab/\(name)", "-o", "json").json["state"] == .string(state), "\(verb)"
                    )
                }
            }
            let operations = try await client("ops", "-o", "json")
            #expect(operations.output.contains("\"destroy\""), "\(operations.output)")
            let refused = try await client("start", "/lab/a")
            #expect(refused.status == 1)
            #expect(refused.errors.hasPrefix("headwater: "), "\(refused.errors)")
        }
    }

    @Test("what each tool gets is what the service has for it")
    func documents() async throws {
        try await Daemon.runFaculty { daemon in
            let client = try Client(daemon)
            let name = "web.alice.so.courses.faculty.example"
            let api = daemon.api
            #expect(try await client("enc", name).json == api.get("/enc/\(name)"))
            #expect(try await client("hiera", name, "-o", "json").json == api.get("/hiera/\(name)"))
            #expect(try await client("hiera", name, "profile::ssh::port", "-o", "json").json == 22)
            #expect(try await client("pillar", name, "-o", "json").json == api.get("/pillar/\(name)"))
            #expect(try await client("inventory", "-o", "json").json == api.get("/ansible"))
        }
    }

    @Test("it ends with 1 when it is refused or gets no answer, with 2 for wrong usage, and says what would help")
    func failures() async throws {
        let daemon = try await Daemon.start(in: Scratch())
        let client = try Client(daemon)
        try await daemon.api.put("/web")
        let missing = try await client("get", "/nothing")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("/nothing does not exist"), "\(missing.errors)")
        #expect(missing.output == "")
        let wrong = try await client("set", "/web", "hardware.cpu=2")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains(#"unknown key "cpu"; did you mean "cpus"?"#), "\(wrong.errors)")
        let stranger = try await Client(url: daemon.url, token: "wrong")("whoami")
        #expect(stranger.status == 1)
        #expect(!stranger.errors.contains("wrong\""), "\(stranger.errors)")
        for arguments in [["gett", "/web"], ["get", "web"], ["get"], ["apply"], ["get", "/Web_1"]] {
            let usage = try await run(
                Repository.product("headwater"), arguments,
                environment: ["HEADWATER_URL": daemon.url, "HEADWATER_TOKEN": "x"])
            #expect(usage.status == 2, "\(arguments): \(usage.errors)")
            #expect(usage.errors != "" && usage.output == "", "\(arguments)")
        }
        #expect(await daemon.end() == 0)
        let down = try await client("ls")
        #expect(down.status == 1)
        #expect(down.errors.contains(daemon.url), "\(down.errors)")
    }
}
