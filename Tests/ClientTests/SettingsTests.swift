import Foundation
import Testing

@testable import headwater

@Suite("Where the server is and who asks")
struct SettingsTests {
    private let home = ["HOME": "/home/ana"]
    private let file = "/home/ana/.config/headwater/config"

    private func settings(
        url: String? = nil, tokenFile: String? = nil, trust: Connection.Trust = Connection.Trust(),
        _ environment: [String: String] = [:],
        files: [String: String] = [:]
    ) throws -> Settings {
        try Settings(
            flags: Settings.Flags(url: url, tokenFile: tokenFile, trust: trust),
            environment: home.merging(environment) { $1 }
        ) { files[$0] }
    }

    @Test("a flag goes before the environment, that before the file, that before the default")
    func url() throws {
        let files = [file: "url=http://file:1/\n"]
        let environment = ["HEADWATER_URL": "http://environment:1"]
        #expect(try settings(url: "http://flag:1", environment, files: files).url.absoluteString == "http://flag:1")
        #expect(try settings(environment, files: files).url.absoluteString == "http://environment:1")
        #expect(try settings(files: files).url.absoluteString == "http://file:1")
        #expect(try settings().url.absoluteString == "http://127.0.0.1:8470")
        #expect(try settings(["HEADWATER_URL": ""]).url.absoluteString == "http://127.0.0.1:8470")
    }

    @Test("a token is taken from the flag's file, the environment, the file, then a server on this machine")
    func token() throws {
        var files = [
            "/t": "one\n", file: "token=three", ".state/admin.token": "four\n",
            "/var/lib/headwater/admin.token": "five\n",
        ]
        let environment = ["HEADWATER_TOKEN": "two"]
        #expect(try settings(tokenFile: "/t", environment, files: files).token?.secret == "one")
        #expect(try settings(environment, files: files).token?.secret == "two")
        #expect(try settings(files: files).token?.secret == "three")
        files[file] = nil
        #expect(try settings(files: files).token?.secret == "four")
        files[".state/admin.token"] = nil
        #expect(try settings(files: files).token?.secret == "five")
        #expect(try settings().token == nil)
    }

    @Test("what headwater login left goes before the file, and only to the server that was logged in to")
    func login() throws {
        let left = "/home/ana/.config/headwater/login"
        let files = [file: "token=three", left: "url=http://here:1\ntoken=left\n"]
        let here = try settings(files: files)
        #expect(here.url.absoluteString == "http://here:1" && here.token?.secret == "left")
        #expect(here.token?.origin == left && here.loginFile == left)
        #expect(try settings(url: "http://there:1", files: files).token?.secret == "three")
        #expect(try settings(["HEADWATER_TOKEN": "two"], files: files).token?.secret == "two")
        #expect(try settings(["HEADWATER_CONF": "/etc/c"]).loginFile == "/etc/login")
    }

    @Test("a local administrator's token is sent to no other machine")
    func localToken() throws {
        let files = [".state/admin.token": "four"]
        for url in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"] {
            #expect(try settings(url: url, files: files).token?.secret == "four", "\(url)")
        }
        for url in ["http://example.org", "https://127.0.0.1.example.org", "http://10.0.0.1"] {
            #expect(try settings(url: url, files: files).token == nil, "\(url)")
        }
    }

    @Test("the file's token is sent to the file's server only")
    func fileToken() throws {
        let files = [file: "url = https://hw.example.org\ntoken = three\n"]
        #expect(try settings(files: files).token?.secret == "three")
        #expect(try settings(url: "https://hw.example.org/", files: files).token?.secret == "three")
        let other = try settings(url: "https://other.example.org", files: files)
        #expect(other.token == nil)
        #expect(
            other.places == [
                "--token-file", "HEADWATER_TOKEN", "headwater login", "token= in \(file) (for another server)",
            ])
    }

    @Test("authorities and a certificate are named by flags or the file, whose certificate is shown to its server only")
    func trust() throws {
        let files = [
            file: "url=https://a.example\nca=/ca\ncert=/cert\nkey=/key\n", "/ca": "", "/cert": "", "/key": "",
            "/mine": "",
        ]
        let all = Connection.Trust(authorities: "/ca", certificate: "/cert", key: "/key")
        #expect(try settings(files: files).trust == all)
        #expect(try settings(url: "https://b.example", files: files).trust == Connection.Trust(authorities: "/ca"))
        let mine = Connection.Trust(certificate: "/mine")
        #expect(
            try settings(trust: mine, files: files).trust == Connection.Trust(authorities: "/ca", certificate: "/mine"))
        #expect(try settings().trust == Connection.Trust())
    }

    @Test("files of certificates that are not there, and a key alone, are refused with their place")
    func badTrust() throws {
        func message(_ trust: Connection.Trust = .init(), _ text: String = "") throws -> String {
            try #require(throws: Failure.self) { try settings(trust: trust, files: [file: text, "/x": ""]) }.message
        }
        let missing = "the file does not exist or cannot be read"
        #expect(try message(.init(authorities: "/no")) == "--cacert /no: \(missing)")
        #expect(try message(.init(certificate: "/x", key: "/no")) == "--key /no: \(missing)")
        #expect(try message(.init(key: "/x")) == "--key /x: expected --cert FILE with it")
        #expect(try message(.init(), "cert=/no") == "\(file): cert=/no: \(missing)")
        #expect(try message(.init(), "key=/x") == "\(file): key= without cert=")
    }

    @Test("no proxy leads to this machine, whatever the environment excepts")
    func proxies() throws {
        #expect(try settings().direct == "localhost,127.0.0.1,::1")
        #expect(try settings(["no_proxy": "a.example"]).direct == "a.example,localhost,127.0.0.1,::1")
        #expect(try settings(["NO_PROXY": "*"]).direct == "*")
    }

    @Test("the file has comments, blanks and the keys of other clients")
    func form() throws {
        let text =
            "# comment\n\n url = http://file:1 \r\ntoken=\nca=/ca.pem\ncache=/var/cache/headwater\nmax_age=3600\n"
        let settings = try settings(files: [file: text, "/ca.pem": ""])
        #expect(settings.url.absoluteString == "http://file:1")
        #expect(settings.token == nil)
        #expect(settings.trust == Connection.Trust(authorities: "/ca.pem"))
    }

    @Test("HEADWATER_CONF and XDG_CONFIG_HOME name another file")
    func otherFile() throws {
        let files = ["/a": "url=http://a", "/xdg/headwater/config": "url=http://b"]
        #expect(try settings(["HEADWATER_CONF": "/a"], files: files).url.host == "a")
        #expect(try settings(["XDG_CONFIG_HOME": "/xdg"], files: files).url.host == "b")
    }

    @Test(
        "what is wrong is said with its place",
        arguments: [
            ("url", "/home/ana/.config/headwater/config:1: expected KEY=VALUE"),
            ("\nulr=x", "/home/ana/.config/headwater/config:2: unknown key \"ulr\"; did you mean \"url\"?"),
            (
                "colour=blue",
                "/home/ana/.config/headwater/config:1: unknown key \"colour\"; expected one of url, token, ca, cert, key, "
                    + "cache, max_age"
            ),
            (
                "url=example.org",
                "/home/ana/.config/headwater/config: \"example.org\" is not the URL of a server: expected one such as "
                    + "http://127.0.0.1:8470"
            ),
        ])
    func faults(text: String, message: String) throws {
        let failure = try #require(throws: Failure.self) { try settings(files: [file: text]) }
        #expect(failure.message == message)
    }

    @Test(
        "a URL that is no server's is refused",
        arguments: ["", "x", "ftp://x", "http://", "http://x?q=1", "http://user:pass@x", "http://x#f"])
    func badURL(text: String) throws {
        let failure = try #require(throws: Failure.self) { try settings(url: text) }
        #expect(failure.message.hasPrefix("--url: \"\(text)\" is not the URL of a server"))
        #expect(failure.status == 2)
    }

    @Test("what is no token is refused and not shown", arguments: ["", "\n", "two words", "line\u{1}", "ñ"])
    func badToken(text: String) throws {
        let failure = try #require(throws: Failure.self) { try settings(tokenFile: "/t", files: ["/t": text]) }
        #expect(failure.message == "/t holds no token: expected one line of printable characters without spaces")
    }

    @Test("a token shows where it came from and never itself")
    func secrecy() throws {
        let token = try Token("hw_secret\n", from: "/t")
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped, "\(Optional(token) as Any)"] {
            #expect(!text.contains("hw_secret"), "\(text)")
        }
        #expect("\(token)" == "the token of /t")
    }
}
