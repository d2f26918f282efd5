import Foundation
import Glibc
import TestSupport
import Testing
import Tree

@Suite("The daemon as a program", .serialized)
struct ProgramTests {
    private let scratch: Scratch
    private let program: String

    init() throws {
        scratch = try Scratch()
        program = try Repository.product("headwaterd")
    }

    private func headwaterd(_ arguments: String..., environment: [String: String?] = [:]) async throws -> Outcome {
        try await run(program, arguments, environment: environment, directory: scratch.path, timeout: .seconds(20))
    }

    @Test("wrong usage ends with 2 and says what is right")
    func usage() async throws {
        let flag = try await headwaterd("serve", "--lissten", "x")
        #expect(flag.status == 2)
        #expect(flag.errors.contains("Unknown option '--lissten'. Did you mean '--listen'?"), "\(flag.errors)")
        #expect(flag.output == "")
        let word = try await headwaterd("sserve")
        #expect(word.status == 2)
        let help = try await headwaterd("--help")
        #expect(help.status == 0)
        #expect(help.output.contains("SUBCOMMANDS"))
        #expect(try await headwaterd("--version").output == "0.1.0\n")
    }

    @Test("settings that are wrong end with 1 and say what and where")
    func settings() async throws {
        let cases: [(arguments: [String], text: String)] = [
            (["--listen", "nowhere"], "listen: expected HOST:PORT with a port from 0 to 65535, found \"nowhere\""),
            (
                ["--listen", "127.0.0.1:70000"],
                "listen: expected HOST:PORT with a port from 0 to 65535, found \"127.0.0.1:70000\""
            ),
            (
                ["--log", "loud"],
                "log: expected one of trace, debug, info, notice, warning, error, critical, found \"loud\""
            ),
            (["--store", "mysql://x"], "store: expected sqlite:///a/file, found \"mysql://x\""),
            (["--config", "none.yaml"], "none.yaml: cannot be read; expected a file in YAML or JSON"),
        ]
        for (arguments, text) in cases {
            for verb in ["serve", "check"] {
                let outcome = try await run(program, [verb] + arguments, directory: scratch.path, timeout: .seconds(20))
                #expect(outcome.status == 1, "\(outcome.command)")
                #expect(outcome.errors == text + "\n")
                #expect(outcome.output == "")
            }
        }
    }

    @Test("a configuration file that is wrong is named with the place in it")
    func file() async throws {
        let cases = [
            ("listen: [1", "file.yaml:1:11: "),
            ("limits: {idle: -1}", "file.yaml: limits.idle: expected an integer from 0 to 86400, found the integer -1"),
            ("history: {dais: 1}", "file.yaml: unknown key \"dais\"; did you mean \"days\"?"),
            ("history: {days: 0}", "file.yaml: history.days: expected an integer from 1 to 36500, found the integer 0"),
            (
                "history: {revisions: x}",
                "file.yaml: history.revisions: expected an integer from 1 upward, found the string \"x\""
            ),
            (
                "hypervisors: {uris: [\"*\"]}",
                "file.yaml: hypervisors.uris: expected a driver, a host and a path, such as qemu+tls://*/system, found \"*\""
            ),
            (
                "hypervisors: {parameter: [socket]}",
                "file.yaml: unknown key \"parameter\"; did you mean \"parameters\"?"
            ),
            ("listn: x", "file.yaml: unknown key \"listn\"; did you mean \"listen\"?"),
            ("log: notice\nlog: debug\n", "file.yaml:2:1: "),
        ]
        for (text, error) in cases {
            try scratch.write("file.yaml", text)
            let outcome = try await headwaterd("check", "--config", "file.yaml")
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix(error), "\(outcome.errors)")
        }
    }

    @Test("check shows what flags, variables and file come to, in that order")
    func check() async throws {
        try scratch.write("file.yaml", "listen: 127.0.0.1:1\nstate: a\nlog: debug\nhistory: {days: 9, revisions: 5}\n")
        let outcome = try await headwaterd(
            "check", "--config", "file.yaml", "--state", "c",
            environment: ["HEADWATER_STATE": "b", "HEADWATER_LISTEN": "[::1]:2"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.output == """
                listen   http://[::1]:2
                state    c
                database c/headwater.sqlite
                content  none yet; the first start makes it
                log      debug
                history  kept: for 9 days, 5 revisions at least

                """)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("c")))
    }

    @Test("check and serve refuse a database that is empty, newer, damaged or gone, and leave it as it is")
    func database() async throws {
        let (state, file) = (scratch.file("state"), scratch.file("state/headwater.sqlite"))
        let daemon = try await Daemon.start(in: scratch)
        do {
            #expect(await daemon.end() == 0)
            let bytes = try Data(contentsOf: URL(filePath: file))
            // `user_version` is at byte 60 of the header (sqlite.org/fileformat.html).
            var newer = bytes
            newer[63] = 99
            var damaged = bytes
            for index in 4096..<damaged.count { damaged[index] = 0xFF }
            let cases: [(Data?, String)] = [
                (Data(), "is empty, and no database"), (newer, "was written by a newer headwaterd: its schema is 99"),
                (damaged, "is damaged: "), (nil, "is missing, and \(state)/admin.token and \(state)/session.keys show"),
            ]
            for (content, text) in cases {
                try? FileManager.default.removeItem(atPath: file)
                try content?.write(to: URL(filePath: file))
                for verb in ["check", "serve"] {
                    let outcome = try await headwaterd(verb, "--listen", "127.0.0.1:0", "--state", state)
                    #expect(outcome.status == 1, "\(verb)")
                    #expect(outcome.errors.contains("\(file): \(text)"), "\(verb): \(outcome.errors)")
                }
                #expect((try? Data(contentsOf: URL(filePath: file))) == content)
            }
            try bytes.write(to: URL(filePath: file))
            let check = try await headwaterd("check", "--state", state)
            #expect(check.status == 0 && check.output.contains("\ncontent  revision 1, entries: 1, machines: 0"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: scratch.file("state/session.keys"))
            for verb in ["check", "serve"] {
                let open = try await headwaterd(verb, "--listen", "127.0.0.1:0", "--state", state)
                #expect(
                    open.status == 1 && open.errors.contains("session.keys: other users may read it"), "\(open.errors)")
            }
        }
    }

    @Test("check and serve refuse a database that has lost its log, and leave the token as it is")
    func lostLog() async throws {
        let state = scratch.file("state")
        let daemon = try await Daemon.start(in: scratch)
        await daemon.end(SIGKILL)
        for end in ["-wal", "-shm"] { try FileManager.default.removeItem(atPath: "\(state)/headwater.sqlite\(end)") }
        for verb in ["check", "serve"] {
            let outcome = try await headwaterd(verb, "--listen", "127.0.0.1:0", "--state", state)
            #expect(outcome.status == 1, "\(verb)")
            #expect(
                outcome.errors.contains(
                    "\(state)/headwater.sqlite: holds nothing, and \(state)/admin.token and \(state)/session.keys show that a "
                        + "service ran here: what it had was in \(state)/headwater.sqlite-wal"),
                "\(verb): \(outcome.errors)")
            #expect(try scratch.read("state/admin.token") == daemon.token + "\n")
        }
        // A first start that was cut off before it had keys begins again.
        try FileManager.default.removeItem(atPath: "\(state)/session.keys")
        let again = try await Daemon.start(in: scratch)
        #expect(try await again.api.send("GET", "/v1/tree/").status == 200)
        #expect(await again.end() == 0)
    }

    @Test("a backup is made while the daemon runs, and restored to another state directory and over its own")
    func backup() async throws {
        let daemon = try await Daemon.start(in: scratch)
        do {
            try await daemon.api.put("/lab", "folder", [:])
            let (state, file) = (scratch.file("state"), scratch.file("backup.sqlite"))
            let made = try await headwaterd("backup", file, "--state", state)
            #expect(made.status == 0 && made.output.hasPrefix("\(file): revision 2, entries: 2, "), "\(made.errors)")
            #expect(made.output.contains("not in it: admin.token, session.keys"))
            let again = try await headwaterd("backup", file, "--state", state)
            #expect(
                again.status == 1 && again.errors == "\(file): is there already; name another file, or say --replace\n")
            try await daemon.api.put("/later", "folder", [:])
            let running = try await headwaterd("restore", file, "--state", state, "--replace")
            #expect(running.status == 1 && running.errors.contains("is in use by another headwaterd"))
            #expect(await daemon.end() == 0)
            let restored = try await headwaterd("restore", file, "--state", state, "--replace")
            #expect(restored.status == 0, "\(restored.errors)")
            #expect(restored.output.contains("the one before is kept as \(state)/headwater.sqlite.replaced\n"))
            let after = try await Daemon.start(in: scratch)
            #expect(try await after.api.send("GET", "/v1/tree/lab").status == 200)
            #expect(try await after.api.send("GET", "/v1/tree/later").status == 404)
            #expect(await after.end() == 0)
            let other = try await headwaterd("restore", file, "--state", scratch.file("other"))
            #expect(other.status == 0 && other.output.contains("headwaterd token makes a superuser's token"))
            #expect(try await headwaterd("check", "--state", scratch.file("other")).status == 0)
        }
    }

    @Test("a second daemon on the same state is refused, and names the first; so is one on the same port")
    func second() async throws {
        try await Daemon.run { daemon in
            let state = daemon.scratch.file("state")
            let other = try await headwaterd("serve", "--listen", "127.0.0.1:0", "--state", state)
            #expect(other.status == 1)
            #expect(
                other.errors.hasSuffix(
                    "\(state)/headwater.sqlite: is in use by another headwaterd (process \(daemon.pid)); "
                        + "stop that one first, or give this one its own state directory\n"), "\(other.errors)")
            let port = daemon.url.dropFirst("http://".count)
            let same = try await headwaterd("serve", "--listen", String(port), "--state", scratch.file("own"))
            #expect(same.status == 1)
            #expect(same.errors.contains("\(port)"), "\(same.errors)")
            #expect(same.errors.contains("in use"), "\(same.errors)")
            #expect(try await daemon.api.get("/v1/whoami")["principal"] == "admin")
        }
    }

    @Test("SIGHUP reads the log level again, and a bad file leaves it as it was")
    func hangup() async throws {
        let config = try scratch.write("file.yaml", "log: notice\n")
        try await Daemon.run(arguments: ["--config", config]) { daemon in
            for (text, said) in [
                ("log: debug\n", "read the settings again: log level debug"),
                ("log: [\n", "the settings stay as they were: \(config):"),
            ] {
                try scratch.write("file.yaml", text)
                Glibc.kill(daemon.pid, SIGHUP)
                try await eventually("the log says: \(said)") { try daemon.log.contains(said) }
            }
            #expect(try await daemon.api.get("/v1/whoami")["superuser"] == true)
        }
    }

    @Test("the first token is for its owner's eyes only, and in no log, at no level")
    func token() async throws {
        try await Daemon.run(arguments: ["--log", "trace"]) { daemon in
            let file = try FileManager.default.attributesOfItem(atPath: daemon.scratch.file("state/admin.token"))
            #expect(file[.posixPermissions] as? Int == 0o600)
            let state = try FileManager.default.attributesOfItem(atPath: daemon.scratch.file("state"))
            #expect(state[.posixPermissions] as? Int == 0o700)
            #expect(daemon.token.count > 30)
            _ = try await daemon.api.get("/v1/whoami")
            _ = try await daemon.api.send("PUT", "/v1/tree/x", ["kind": .string(daemon.token)])
            #expect(try !daemon.log.contains(daemon.token))
            #expect(try !daemon.scratch.read("output").contains(daemon.token))
        }
    }

    @Test("SIGTERM ends it in order, and the next start has the tree, the revisions and the machines")
    func restart() async throws {
        let first = try await Daemon.start(in: scratch)
        try await first.api.put(
            "/lab", "folder", ["hypervisor": "memory", "hypervisors": ["memory": ["driver": "memory"]]])
        try await first.api.put("/lab/web", "vm", ["hardware": ["cpus": 1, "memory": "64MiB"], "vars": ["n": 1]])
        try await first.api.put("/lab/web", "vm", ["hardware": ["cpus": 1, "memory": "64MiB"], "vars": ["n": 2]])
        let created = try await first.api.finish("create", "/lab/web")
        #expect(created["state"] == "done", "\(created)")
        let before = try await first.api.send("GET", "/v1/tree/lab/web")
        #expect(await first.end(SIGTERM) == 0)

        let second = try await Daemon.start(in: scratch)
        #expect(second.token == first.token)
        let after = try await second.api.send("GET", "/v1/tree/lab/web")
        #expect(after.revision == before.revision)
        #expect(try after.json["definition"] == before.json["definition"])
        let revision = try #require(before.revision)
        let old = try await second.api.get("/v1/tree/lab/web?at=\(revision - 1)")
        #expect(old["definition"]?["vars"]?["n"] == 1)
        #expect(try await second.api.get("/v1/operations/1")["state"] == "done")
        #expect(await second.end(SIGINT) == 0)
    }
}
