import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("People at the client program", .serialized)
struct AccountTests {
    private let password = "correct horse battery"

    @Test("login leaves a token of its own in a file that only its owner reads, logout revokes it")
    func login() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            #expect(try await admin.tell("users", "add", "jana", input: password).status == 0)
            let jana = try Client(url: daemon.url, token: nil)
            let wrong = try await jana.tell("login", "jana", input: "not at all right")
            #expect(wrong.status == 1 && wrong.errors == "headwater: the name or the password is wrong\n")
            let login = try await jana.tell("login", "jana", "--days", "3", input: password)
            #expect(login.status == 0 && login.output.hasPrefix("logged in as jana at \(daemon.url) until "))
            let file = jana.home.file(".config/headwater/login")
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let token = try #require(text.split(separator: "\n").last?.dropFirst("token=".count))
            #expect(token.hasPrefix("hw_") && !text.contains(password) && !login.output.contains(token))
            #expect(try await jana("whoami", "-o", "json").json["principal"] == "jana")
            #expect(try await jana("logout").status == 0)
            #expect(try await API(url: daemon.url, token: String(token)).send("GET", "/v1/whoami").status == 401)
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(try await jana("logout").errors.hasPrefix("headwater: nobody is logged in at \(daemon.url)\n"))
            #expect(try !daemon.log.contains(password) && !daemon.log.contains(token))
        }
    }

    @Test("a login that cannot be written leaves no token behind, and asks for no password if that is known before")
    func unwritable() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            _ = try await admin.tell("users", "add", "jana", input: password)
            let tokens = try await admin("tokens", "-o", "json").json["tokens"]?.list?.count
            let jana = try Client(url: daemon.url, token: nil)
            try jana.home.write(".config", "")
            let unasked = try await jana.tell("login", "jana", input: "")
            #expect(unasked.status == 1)
            #expect(
                unasked.errors == """
                    headwater: \(jana.home.file(".config/headwater/login")) cannot be written: Not a directory

                    """, "\(unasked.errors)")
            let disk = try SmallDisk(bytes: 1 << 20)
            defer { disk.close() }
            try disk.fill()
            var environment = jana.environment
            environment["HEADWATER_CONF"] = disk.directory + "/config"
            let full = try await SystemTests.run(
                Repository.product("headwater"), ["login", "jana"], environment: environment, input: password)
            #expect(full.status == 1)
            #expect(full.errors.contains("/login cannot be written: No space left on device"), "\(full.errors)")
            #expect(try await admin("tokens", "-o", "json").json["tokens"]?.list?.count == tokens)
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk.directory) == ["filler"])
        }
    }

    @Test("a password that is not UTF-8 is refused, and no byte of it is told")
    func encoding() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            let program = try Repository.product("headwater")
            let outcome = try await SystemTests.run(
                "/bin/sh", ["-c", "printf 'a long caf\\351 secret\\n' | \(program) users add jana"],
                environment: admin.environment)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors
                    == "headwater: New password of jana: what was given is not valid UTF-8; expected text in UTF-8\n")
            #expect(try await !admin("users").output.contains("jana"))
        }
    }

    @Test("audit --follow ends with 130 when it is interrupted, as events does")
    func interrupted() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab")
            let listener = try Child(
                Repository.product("headwater"), ["audit", "--follow"],
                ["HEADWATER_URL": daemon.url, "HEADWATER_TOKEN": daemon.token], try Scratch())
            try await listener.line(containing: "write /lab")
            #expect(await listener.end(SIGINT) == 130)
        }
    }

    @Test("a login that was ended elsewhere says what to do, and a new one takes its place")
    func ended() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            _ = try await admin.tell("users", "add", "jana", input: password)
            let jana = try Client(url: daemon.url, token: nil)
            _ = try await jana.tell("login", "jana", input: password)
            let tokens = try await admin("tokens", "-o", "json").json["tokens"]?.list ?? []
            let id = try #require(tokens.last?["id"]?.integer)
            #expect(try await admin("tokens", "rm", "\(id)").output == "revoked token \(id)\n")
            let refused = try await jana("ls")
            #expect(refused.status == 1)
            #expect(refused.errors.hasSuffix("hint: headwater login begins anew, headwater logout forgets it\n"))
            #expect(try await jana.tell("login", "jana", input: password).status == 0)
            #expect(try await jana("whoami").output.contains("jana"))
        }
    }

    @Test("a reader's token for a folder is one line: it alone is written to standard output, and reads there only")
    func reader() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            for name in ["so", "ai"] { try await daemon.api.put("/\(name)/web") }
            let made = try await admin(
                "tokens", "add", "--reader", "--folder", "/so", "--note", "puppet", "--days", "9")
            #expect(made.status == 0 && made.output.hasPrefix("hw_") && made.output.count == 47)
            #expect(made.errors.contains("of admin, bound to /so: view, until "))
            let token = made.output.trimmingCharacters(in: .newlines)
            let reader = API(url: daemon.url, token: token)
            #expect(try await reader.send("GET", "/enc/web.so").status == 200)
            #expect(try await reader.send("GET", "/enc/web.ai").status == 404)
            #expect(try await reader.send("GET", "/v1/tree/ai/web").status == 404)
            #expect(try await reader.send("PATCH", "/v1/tree/so/web", ["vars": ["a": 1]]).status == 403)
            #expect(try await reader.send("POST", "/v1/tree/so/web:create").status == 403)
            #expect(try !daemon.log.contains(token))
        }
    }

    @Test("a password is taken from no argument, and its change ends what it let in")
    func passwords() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            let argument = try await admin.tell("users", "add", "jana", "--password", password, input: password)
            #expect(argument.status == 2)
            #expect(try await admin.tell("users", "add", "jana", input: "").status == 1)
            #expect(try await admin.tell("users", "add", "jana", input: password).status == 0)
            let jana = try Client(url: daemon.url, token: nil)
            _ = try await jana.tell("login", "jana", input: password)
            let wrong = try await jana.tell("users", "password", input: "not at all right\na fresh long secret\n")
            #expect(wrong.errors == "headwater: \"old\" is not the password as it is\n")
            let changed = try await jana.tell("users", "password", input: "\(password)\na fresh long secret\n")
            #expect(changed.output == "changed the password of jana\n", "\(changed.errors)")
            #expect(try await jana.tell("login", "jana", input: password).status == 1)
            #expect(try await jana.tell("login", "jana", input: "a fresh long secret").status == 0)
            #expect(try await admin("users", "disable", "jana").output == "disabled jana\n")
            #expect(try await jana("whoami").status == 1)
        }
    }

    @Test("what is revoked while a body is on its way changes nothing")
    func slowBody() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            try await daemon.api.put("/lab", "folder", [:])
            let token = try await admin("tokens", "add").output.trimmingCharacters(in: .newlines)
            for (target, body) in [("PATCH /v1/tree/lab", "{\"note\": \"x\"}"), ("POST /v1/tokens", "{}")] {
                let fresh = try await admin("tokens", "add").output.trimmingCharacters(in: .newlines)
                for (credential, isRevoked) in [(token, false), (fresh, true)] {
                    let head = """
                        \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r
                        Authorization: Bearer \(credential)\r\nContent-Length: \(body.utf8.count)\r\n\r\n
                        """
                    let connection = try RawConnection(daemon.url)
                    connection.send(head + body.prefix(1))
                    // Until the daemon has looked at the head.
                    try await Task.sleep(for: .milliseconds(300))
                    if isRevoked {
                        _ = try await API(url: daemon.url, token: fresh).send("DELETE", "/v1/tokens/self")
                    }
                    connection.send(String(body.dropFirst()))
                    let bytes = try await blocking { connection.readToEnd() }
                    let answer = try #require(bytes.flatMap { API.Answer($0) })
                    #expect(isRevoked ? answer.status == 401 : (200...201).contains(answer.status), "\(answer.text)")
                }
            }
        }
    }

    @Test("audit shows who did what, follows, and is verified beside the daemon; no secret stands in it")
    func audit() async throws {
        try await Daemon.run { daemon in
            let admin = try Client(daemon)
            _ = try await admin.tell("users", "add", "jana", input: password)
            try await daemon.api.put("/lab", "folder", ["access": ["users": ["jana"]]])
            let jana = try Client(url: daemon.url, token: nil)
            _ = try await jana.tell("login", "jana", input: "not at all right")
            _ = try await jana.tell("login", "jana", input: password)
            _ = try await jana("rm", "/lab")
            let log = try await admin("audit")
            #expect(log.status == 0)
            for text in ["add user jana", "write /lab", "come in", "add token 2 of jana", "delete /lab"] {
                #expect(log.output.contains(text), "\(text) in \(log.output)")
            }
            #expect(!log.output.contains(password) && !log.output.contains("not at all right"))
            let refused = try await admin("audit", "/lab", "--refused", "-o", "json")
            let rows = try refused.json["entries"]?.list ?? []
            #expect(rows.count == 1 && rows.first?.map?["principal"] == "jana" && rows.first?.map?["status"] == 403)
            #expect(try await jana("audit", "--principal", "admin").output == "")
            let program = try Repository.product("headwaterd")
            let state = daemon.scratch.file("state")
            let sound = try await SystemTests.run(program, ["audit", "verify", "--state", state])
            #expect(sound.status == 0 && sound.output.hasPrefix("rows: "), "\(sound.errors)")
            let head = try #require(sound.output.split(separator: "\n").last?.dropFirst("head: ".count))
            let other = head.hasSuffix("0") ? head.dropLast() + "1" : head.dropLast() + "0"
            let wrong = try await SystemTests.run(
                program, ["audit", "verify", "--state", state, "--head", String(other)])
            #expect(wrong.status == 1 && wrong.errors.contains(" has another hash than the one noted"))
            let usage = try await SystemTests.run(program, ["audit", "verify", "--head", "7"])
            #expect(usage.status == 2)
        }
    }

    @Test("the daemon's keys are rotated without logging anybody out, a lost superuser's token is replaced")
    func host() async throws {
        let scratch = try Scratch()
        let daemon = try await Daemon.start(in: scratch)
        let admin = try Client(daemon)
        _ = try await admin.tell("users", "add", "jana", input: password)
        let form = "grant_type=password&username=jana&password=correct%20horse%20battery"
        let reply = try await API(url: daemon.url).send(
            "POST", "/oauth/token", Array(form.utf8), type: "application/x-www-form-urlencoded")
        let session = try #require(try reply.json["access_token"]?.string)
        let state = scratch.file("state")
        let program = try Repository.product("headwaterd")
        let rotated = try await SystemTests.run(program, ["keys", "rotate", "--state", state])
        #expect(rotated.output.contains("signs from now on; keys kept: 1"), "\(rotated.errors)")
        kill(daemon.pid, SIGHUP)
        let jana = API(url: daemon.url, token: session)
        #expect(try await jana.send("GET", "/v1/whoami").status == 200)
        let mode = try FileManager.default.attributesOfItem(atPath: state + "/session.keys")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(await daemon.end() == 0)
        let replaced = try await SystemTests.run(program, ["token", "--state", state])
        #expect(replaced.output == "\(state)/admin.token holds a new token; revoked: 1\n", "\(replaced.errors)")
        let next = try await Daemon.start(in: scratch)
        #expect(next.token != daemon.token)
        #expect(try await API(url: next.url, token: daemon.token).send("GET", "/v1/whoami").status == 401)
        #expect(try await next.api.send("GET", "/v1/whoami").status == 200)
        #expect(try await API(url: next.url, token: session).send("GET", "/v1/whoami").status == 200)
        #expect(await next.end() == 0)
    }
}

extension Client {
    /// Runs a command with lines on its standard input.
    fileprivate func tell(_ arguments: String..., input: String) async throws -> Outcome {
        try await SystemTests.run(
            Repository.product("headwater"), arguments, environment: environment, directory: home.path, input: input,
            timeout: .seconds(60))
    }
}
