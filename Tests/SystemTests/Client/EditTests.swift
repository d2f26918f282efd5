import Foundation
import Testing
import Tree

@Suite("Editing a definition", .serialized)
struct EditTests {
    /// A client whose editor is a shell script, which gets the file as `$1`; what it opened is kept as `seen`.
    private static func edit(
        _ daemon: Daemon, _ path: String, _ script: String, _ arguments: [String] = ["--yes"],
        _ more: [String: String?] = [:]
    ) async throws -> (outcome: Outcome, seen: [String], home: Scratch) {
        let client = try Client(daemon)
        let seen = client.home.file("seen")
        let editor = try client.home.write(
            "editor", "#!/bin/sh\nset -e\ncat \"$1\" >>\(seen)\nprintf '\\f' >>\(seen)\n\(script)\n", mode: 0o755)
        var environment = client.environment
        environment["EDITOR"] = editor
        environment["VISUAL"] = ""
        try client.home.makeDirectory("tmp")
        environment["TMPDIR"] = client.home.file("tmp")
        environment.merge(more) { $1 }
        let outcome = try await run(
            Repository.product("headwater"), ["edit", path] + arguments, environment: environment,
            timeout: .seconds(60))
        let texts = (try? client.home.read("seen"))?.split(separator: "\u{C}").map(String.init) ?? []
        return (outcome, texts, client.home)
    }

    private static func left(in home: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.file("tmp"))
    }

    @Test("what the editor saved of a machine and of a folder is the new definition, and no file is left")
    func edited() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"], "note": "a"])
            let (machine, seen, home) = try await Self.edit(
                daemon, "/lab/web", "sed -i 's/role: web/role: wiki/' \"$1\"")
            #expect(machine.status == 0, "\(machine.errors)")
            #expect(machine.output == "/lab/web: changed (revision 3)\n")
            #expect(seen.count == 1 && seen[0].contains("# /lab/web, revision 2. "), "\(seen)")
            #expect(seen[0].hasSuffix("vars:\n  role: web\nnote: a\n"), "\(seen)")
            #expect(
                try await daemon.api.get("/v1/tree/lab/web")["definition"] == ["vars": ["role": "wiki"], "note": "a"])
            #expect(try Self.left(in: home) == [])
            let (folder, _, _) = try await Self.edit(
                daemon, "/lab", "echo 'vars: {site: north}' >\"$1\"", ["--yes", "-m", "why"])
            #expect(folder.status == 0, "\(folder.errors)")
            #expect(try await daemon.api.get("/v1/tree/lab/common") == ["vars": ["site": "north"]])
            #expect(try await daemon.api.get("/v1/revisions/4")["message"] == "why")
        }
    }

    @Test("an editor that saves the same, or nothing, changes nothing")
    func unchanged() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            for script in [":", "echo '# a comment' >>\"$1\"", ": >\"$1\""] {
                let (outcome, seen, home) = try await Self.edit(daemon, "/lab/web", script)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output == "/lab/web: nothing changed\n")
                #expect(seen.count == 1)
                #expect(try Self.left(in: home) == [])
            }
            #expect(try await daemon.api.send("GET", "/v1/tree/lab/web").revision == 2)
        }
    }

    @Test(
        "a text that is no definition is opened again with the reason on top",
        arguments: [
            ("vars: [", "#! headwater: line 3, column 1: "),
            ("[a]", "#! headwater: expected a map of keys, found a list"),
            ("hardware: {cpu: 2}", "did you mean \"cpus\"?"), ("vars: {a: '${{ vars.none }}'}", "leads nowhere"),
        ])
    func mended(_ bad: String, _ reason: String) async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let script =
                "if grep -q '^#!' \"$1\"; then echo 'vars: {a: 1}' >\"$1\"; else cat >\"$1\" <<'END'\n\(bad)\nEND\nfi"
            let (outcome, seen, home) = try await Self.edit(daemon, "/lab/web", script)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(seen.count == 2)
            #expect(seen.last?.contains(reason) == true && seen.last?.hasSuffix("\(bad)\n") == true, "\(seen)")
            #expect(try await daemon.api.get("/v1/tree/lab/web")["definition"] == ["vars": ["a": 1]])
            #expect(try Self.left(in: home) == [])
        }
    }

    @Test("a text that is not UTF-8 is opened again as the editor wrote it, with the place of the byte on top")
    func encoding() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let (outcome, _, home) = try await Self.edit(
                daemon, "/lab/web", "grep -q '^#!' \"$1\" || printf 'vars:\\n  role: caf\\351\\n' >\"$1\"")
            #expect(outcome.status == 1)
            // Line 3 of the file that is opened again: the reason stands on top.
            #expect(
                outcome.errors.contains("line 3, column 12: byte 0xE9 is not valid UTF-8"), "\(outcome.errors)")
            let kept = try #require(try Self.left(in: home).first)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: home.file("tmp/\(kept)/web.yaml")))
            #expect(Array(bytes.suffix(3)) == [UInt8(ascii: "f"), 0xE9, UInt8(ascii: "\n")])
            #expect(try await daemon.api.get("/v1/tree/lab/web")["definition"] == ["vars": ["role": "web"]])
        }
    }

    @Test("a bad text that is left as it is ends the edit, and stays in its file")
    func givenUp() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let (outcome, seen, home) = try await Self.edit(
                daemon, "/lab/web", "grep -q '^#!' \"$1\" || echo 'vars: [mine' >\"$1\"")
            #expect(outcome.status == 1)
            #expect(seen.count == 2)
            let kept = try #require(try Self.left(in: home).first)
            #expect(outcome.errors.contains("the edited text is in \(home.file("tmp"))"), "\(outcome.errors)")
            #expect(try home.read("tmp/\(kept)/web.yaml").hasSuffix("vars: [mine\n"))
            #expect(try home.mode("tmp/\(kept)/web.yaml") == 0o600)
            #expect(try await daemon.api.send("GET", "/v1/tree/lab/web").revision == 2)
        }
    }

    /// Runs a program on a terminal and types Ctrl-C when it asks.
    private static let interruption = """
        import os, pty, sys
        pid, terminal = pty.fork()
        if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
        seen = b""
        while b"go ahead? [y/N] " not in seen: seen += os.read(terminal, 1024)
        os.write(terminal, b"\\x03")
        try:
            while more := os.read(terminal, 1024): seen += more
        except OSError: pass  # the terminal's other end is closed
        sys.stdout.buffer.write(seen)
        sys.stdout.flush()
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """

    @Test("Ctrl-C instead of an answer says where the edited text is")
    func interrupted() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let client = try Client(daemon)
            let editor = try client.home.write("editor", "#!/bin/sh\necho 'vars: {role: wiki}' >\"$1\"\n", mode: 0o755)
            var environment = client.environment
            environment["EDITOR"] = editor
            environment["TMPDIR"] = client.home.path
            let outcome = try await run(
                Repository.tool("python3"),
                ["-c", Self.interruption, Repository.product("headwater"), "edit", "/lab/web"],
                environment: environment, timeout: .seconds(60))
            #expect(outcome.status == 130, "\(outcome)")
            let kept = try FileManager.default.contentsOfDirectory(atPath: client.home.path).first {
                $0.hasPrefix("headwater-")
            }
            let file = client.home.file("\(kept ?? "")/web.yaml")
            #expect(
                outcome.output.hasSuffix("headwater: interrupted\r\n  the edited text is in \(file)\r\n"), "\(outcome)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "vars: {role: wiki}\n")
            #expect(try await daemon.api.send("GET", "/v1/tree/lab/web").revision == 2)
        }
    }

    @Test("somebody else's change in between is told, nothing is written, and the edited text is not lost")
    func overtaken() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let program = try Repository.product("headwater")
            let other = "HEADWATER_URL=\(daemon.url) HEADWATER_TOKEN=\(daemon.token) \(program) set /lab/web"
            let (outcome, _, home) = try await Self.edit(
                daemon, "/lab/web", "\(other) vars.role=theirs\necho 'vars: {role: mine}' >\"$1\"")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("/lab/web was changed by somebody else since revision 2; nothing was written"),
                "\(outcome.errors)")
            let kept = try #require(try Self.left(in: home).first)
            #expect(try home.read("tmp/\(kept)/web.yaml") == "vars: {role: mine}\n")
            #expect(try await daemon.api.get("/v1/tree/lab/web")["definition"] == ["vars": ["role": "theirs"]])
        }
    }

    @Test("a machine that was only started meanwhile is no change of its definition")
    func started() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "hypervisor": "memory", "hypervisors": ["memory": ["driver": "memory"]],
                    "hardware": ["cpus": 1, "memory": "64MiB"],
                ])
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let program = try Repository.product("headwater")
            let other = "HEADWATER_URL=\(daemon.url) HEADWATER_TOKEN=\(daemon.token) \(program) create /lab/web >&2"
            let (outcome, _, _) = try await Self.edit(
                daemon, "/lab/web", "\(other)\necho 'vars: {role: mine}' >\"$1\"")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try await daemon.api.get("/v1/tree/lab/web")["state"] == "created")
            #expect(try await daemon.api.get("/v1/tree/lab/web")["definition"] == ["vars": ["role": "mine"]])
        }
    }

    @Test("without an editor, without a terminal or with an editor that fails, it says so and changes nothing")
    func impossible() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", ["vars": ["role": "web"]])
            let (without, _, _) = try await Self.edit(
                daemon, "/lab/web", ":", ["--yes"], ["EDITOR": nil, "VISUAL": nil])
            #expect(without.status == 2)
            #expect(without.errors.contains("set VISUAL or EDITOR"), "\(without.errors)")
            let (unasked, seen, _) = try await Self.edit(daemon, "/lab/web", "echo 'note: x' >\"$1\"", [])
            #expect(unasked.status == 2 && seen == [])
            #expect(unasked.errors.contains("there is no terminal to ask on"), "\(unasked.errors)")
            let (failed, _, home) = try await Self.edit(daemon, "/lab/web", "exit 3")
            #expect(failed.status == 1)
            #expect(failed.errors.contains("the editor failed: "), "\(failed.errors)")
            #expect(try Self.left(in: home) == [])
            let (dry, _, _) = try await Self.edit(daemon, "/lab/web", "echo 'note: x' >\"$1\"", ["--dry-run"])
            #expect(dry.status == 2 && dry.output.contains("1 machine changes"), "\(dry.output)\(dry.errors)")
            let (absent, _, _) = try await Self.edit(daemon, "/lab/none", ":")
            #expect(absent.status == 1 && absent.errors.contains("/lab/none does not exist"), "\(absent.errors)")
            #expect(try await daemon.api.send("GET", "/v1/tree/lab/web").revision == 2)
        }
    }
}
