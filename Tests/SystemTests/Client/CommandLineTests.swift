import Foundation
import Testing
import Tree

@Suite("The command line", .serialized)
struct CommandLineTests {
    @Test("what cannot be written to standard output is a failure, whatever is printed")
    func fullDisk() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let program = try Repository.product("headwater")
            for command in [
                "inventory -o json", "history", "ls /", "tree /", "get /lab/web", "--help", "audit",
                "set /lab/web vars.n=1",
                "set /lab/web vars.n=2 --dry-run",
            ] {
                let outcome = try await run(
                    "/bin/sh", ["-c", "\(program) \(command) >/dev/full"], environment: client.environment)
                #expect(outcome.status == 1, "\(command)")
                #expect(
                    outcome.errors == "headwater: standard output: No space left on device\n",
                    "\(command): \(outcome.errors)")
            }
        }
    }

    @Test("set says what was taken for a number, and what was not there to be removed")
    func set() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/m")
            let version = try await client("set", "/m", "vars.k8s=1.20", "vars.color=#ff0000", "vars.t={{ x }}")
            #expect(version.status == 0, "\(version.errors)")
            #expect(
                version.output.hasPrefix(
                    """
                    /m: set vars.k8s to 1.2 (a number; for the text write vars.k8s='"1.20"')
                    /m: set vars.color
                    /m: set vars.t

                    """), "\(version.output)")
            #expect(
                try await daemon.api.get("/v1/tree/m")["definition"]?["vars"] == [
                    "k8s": 1.2, "color": "#ff0000", "t": "{{ x }}",
                ])
            let removal = try await client("set", "/m", "vars.nothere-", "--unset", "vars.t")
            #expect(removal.output == "/m: vars.nothere was not set here\n/m: removed vars.t\n", "\(removal.output)")
        }
    }

    @Test(
        "words that are not UTF-8 are refused, with the place of the byte, and nothing is written",
        arguments: [
            ("set /m \"vars.k=$(printf 'caf\\351')\"", "argument 3, position 11: byte 0xE9"),
            ("set /m \"vars.$(printf 'ni\\361o')=1\"", "argument 3, position 8: byte 0xF1"),
            ("set /m vars.a=1 -m \"$(printf '\\344')\"", "argument 5, position 1: byte 0xE4"),
            ("new /n \"vars.k=é$(printf '\\303')\"", "argument 3, position 9: byte 0xC3"),
        ])
    func encoding(_ command: String, _ message: String) async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/m")
            let program = try Repository.product("headwater")
            let outcome = try await run(
                "/bin/sh", ["-c", "\(program) \(command)"], environment: client.environment)
            #expect(outcome.status == 2 && outcome.output == "", "\(outcome.output)")
            #expect(
                outcome.errors.hasPrefix("headwater: \(message) is not valid UTF-8; expected text in UTF-8\n"),
                "\(outcome.errors)")
            #expect(try await daemon.api.send("GET", "/v1/tree/m").revision == 2)
        }
    }

    @Test("set empties a map with {}, and says of what was so before that it was")
    func emptied() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put(
                "/lab", "folder", ["access": ["users": ["jana"], "readers": ["ana"]], "vars": ["m": ["a": ["b": 1]]]])
            let access = try await client("set", "/lab", "access={}", "vars.m={a: {}, c: 1}", "vars.e={}")
            #expect(access.status == 0, "\(access.errors)")
            #expect(access.output == "/lab: emptied access\n/lab: set vars.m\n/lab: set vars.e\n", "\(access.output)")
            let definition: Value = ["access": [:], "vars": ["m": ["a": [:], "c": 1], "e": [:]]]
            #expect(try await daemon.api.get("/v1/tree/lab/common") == definition)
            let again = try await client("set", "/lab/common", "access={}", "vars.m.c=1", "vars.e={}", "vars.n=2")
            #expect(
                again.output == """
                    /lab/common: access was so already
                    /lab/common: vars.m.c was so already
                    /lab/common: vars.e was so already
                    /lab/common: set vars.n to 2

                    """, "\(again.output)\(again.errors)")
        }
    }

    @Test("what is no path is wrong usage, wherever it is read")
    func paths() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            for arguments in [
                ["history", "abc"], ["history", "/A"], ["enc", "/A"], ["get", "abc"], ["ls", "/a//b"],
            ] {
                let outcome = try await client.run(arguments)
                #expect(outcome.status == 2 && outcome.output == "", "\(arguments): \(outcome.status)")
                #expect(outcome.errors != "")
            }
        }
    }

    @Test("rm of the root names what it deleted, which is not the root")
    func root() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            for path in ["/a", "/b/c"] { try await daemon.api.put(path) }
            let removed = try await client("rm", "/", "--recursive")
            #expect(removed.output == "deleted /a\ndeleted /b\n", "\(removed.errors)")
            #expect(try await client("rm", "/", "--recursive").output == "nothing is below /\n")
            try await daemon.api.put("/d")
            #expect(try await client("rm", "/", "-r", "-o", "json").json == ["deleted": ["/d"]])
        }
    }

    @Test("a configuration that cannot be read is an error, and the server of another is not asked")
    func configuration() async throws {
        try await Daemon.run { daemon in
            var client = try Client(daemon)
            try client.home.makeDirectory(".config/headwater/config")
            let outcome = try await client("ls")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors == """
                    headwater: \(client.home.file(".config/headwater/config")) cannot be read: expected a file, found a directory

                    """, "\(outcome.errors)")
            // What is not there, or nowhere to be, is no configuration.
            client = try Client(daemon)
            try client.home.write(".config", "")
            #expect(try await client("ls").status == 0)
        }
    }

    @Test("on a terminal, destroy and rebuild of a folder ask with the number of VMs; --yes and a script are not asked")
    func destruction() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "hypervisor": "memory", "hypervisors": ["memory": ["driver": "memory"]],
                    "hardware": ["cpus": 1, "memory": "64MiB"],
                ])
            for name in ["a", "b", "c"] { try await daemon.api.put("/lab/\(name)") }
            for name in ["a", "b"] { #expect(try await client("create", "/lab/\(name)").status == 0) }
            let program = try Repository.product("headwater")
            func typed(_ command: String, _ input: String) async throws -> Outcome {
                try await run(
                    "/usr/bin/script", ["-qec", "\(program) \(command)", "/dev/null"], environment: client.environment,
                    input: input, timeout: .seconds(60))
            }
            for (verb, end) in [("destroy", "their disks go with them"), ("rebuild", "what is on their disks is lost")]
            {
                let refused = try await typed("\(verb) /lab", "n\n")
                #expect(refused.status == 1)
                #expect(refused.output.contains("\(verb) 2 VMs below /lab; \(end)\r\ngo ahead? [y/N] "), "\(refused)")
                #expect(refused.output.contains("headwater: nothing was done"), "\(refused)")
            }
            #expect(try await daemon.api.get("/v1/tree/lab/a")["state"] == "created")
            #expect(try await typed("destroy /lab/a", "").status == 0)
            #expect(try await typed("destroy /lab", "y\n").status == 0)
            for name in ["a", "b"] {
                #expect(try await daemon.api.get("/v1/tree/lab/\(name)")["state"] == "provisioned")
            }
            // Nothing is there any more that could be lost.
            #expect(try await typed("destroy /lab --selector name=c", "").output.contains("go ahead?") == false)
            _ = try await client("create", "/lab")
            #expect(try await typed("rebuild /lab --yes", "").status == 0)
            #expect(try await client("destroy", "/lab").status == 0)
            #expect(try await daemon.api.get("/v1/tree/lab/b")["state"] == "provisioned")
        }
    }

    @Test("two unknown keys are told once each, with where names of one's own go")
    func unknownKeys() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            let scratch = try Scratch()
            try scratch.write("t/m.yaml", "foo: 1\nquux: 2\n")
            let outcome = try await client("apply", scratch.file("t"), "--to", "/t", "--yes")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors == """
                    headwater: /t/m: foo: unknown key "foo"; names of your own go under vars (and 1 more)
                      /t/m: quux: unknown key "quux"; names of your own go under vars

                    """, "\(outcome.errors)")
        }
    }

    @Test("what a tool sees of a class without parameters is told of a map as of a list")
    func classes() async throws {
        try await Daemon.run { daemon in
            let client = try Client(daemon)
            try await daemon.api.put("/m", "vm", ["puppet": ["classes": ["a": .null]]])
            let mapped = try await client("explain", "/m", "--as", "enc")
            #expect(mapped.output.contains("a class without parameters is sent with an empty map"), "\(mapped.output)")
            #expect(!mapped.output.contains("a list of classes"), "\(mapped.output)")
        }
    }
}
