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
