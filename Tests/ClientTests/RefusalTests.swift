import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("What the server refuses")
struct RefusalTests {
    private func failure(_ status: Int, _ body: String, environment: [String: String] = [:]) throws -> Failure {
        let settings = try Settings(flags: .init(url: "http://127.0.0.1:1"), environment: environment) { _ in nil }
        return Failure(refusal: try Answer(Response(status: status), Array(body.utf8), settings), settings)
    }

    @Test("a single problem is told once")
    func single() throws {
        let failure = try failure(
            422,
            #"{"detail": "/a: note: expected a string", "problems": [{"path": "/a", "detail": "expected a string"}]}"#)
        #expect(failure.text == "headwater: /a: note: expected a string")
    }

    @Test("several problems have a line each, with key and layer")
    func several() throws {
        let failure = try failure(
            422,
            """
            {"detail": "the change would break the definitions of 30 machines: …", "machines": 30, "problems": [
              {"path": "/a", "key": "vars.x", "layer": "/common", "detail": "one"},
              {"path": "/b", "layer": "/b", "detail": "two"}, {"detail": "three"}]}
            """)
        #expect(
            failure.text == """
                headwater: the change would break the definitions of 30 machines: …
                  /a: vars.x (from /common): one
                  /b: two
                  three
                  … and more: 30 machines in all
                """)
    }

    @Test("the first of several problems is not told twice")
    func first() throws {
        let failure = try failure(
            422,
            """
            {"detail": "/a: foo: unknown key \\"foo\\" (and 1 more)", "problems": [
              {"path": "/a", "key": "foo", "detail": "unknown key \\"foo\\""},
              {"path": "/a", "key": "bar", "detail": "unknown key \\"bar\\""}]}
            """)
        #expect(
            failure.text == """
                headwater: /a: foo: unknown key "foo" (and 1 more)
                  /a: bar: unknown key "bar"
                """)
    }

    @Test("contradictions have a line each, and what can be done about them")
    func contradictions() throws {
        let failure = try failure(
            409,
            """
            {"detail": "what came since revision 2 contradicts this: …", "base": 2, "count": 2, "conflicts": [
              {"path": "/a", "key": "vars.x", "detail": "it is 1 and would be 2"}, {"path": "/b", "detail": "gone"}]}
            """)
        #expect(
            failure.text == """
                headwater: what came since revision 2 contradicts this: …
                  /a: vars.x: it is 1 and would be 2
                  /b: gone
                hint: nothing was written; write into the files what shall be, or say --ours to let them win
                """)
    }

    @Test("without a token it says where one is looked for")
    func noToken() throws {
        #expect(
            try failure(401, "{}", environment: ["HOME": "/h"]).text == """
                headwater: http://127.0.0.1:1 asks for a token, and none was found
                hint: a token is looked for in, nearest first: --token-file, HEADWATER_TOKEN, headwater login, token= in \
                /h/.config/headwater/config, .state/admin.token, /var/lib/headwater/admin.token
                """)
        let wrong = try failure(401, #"{"detail": "it has ended"}"#, environment: ["HEADWATER_TOKEN": "hw_secret"])
        #expect(wrong.message == "http://127.0.0.1:1 does not accept the token of HEADWATER_TOKEN")
        #expect(wrong.details == ["it has ended"])
        #expect(!wrong.text.contains("hw_secret"))
    }

    @Test("another program's answer is called so")
    func otherServer() throws {
        let failure = try #require(throws: Failure.self) { try self.failure(200, "<html>") }
        #expect(
            failure.message == "http://127.0.0.1:1 answered 200 with no content type, which is no answer of Headwater's"
        )
    }

    @Test("addresses are encoded as RFC 3986 asks")
    func address() throws {
        #expect(Address(["hiera", "a.lab", "profile::ssh/port ñ"]).text == "/hiera/a.lab/profile::ssh%2Fport%20%C3%B1")
        #expect(Address.tree(.entry(.root), ["fields": nil]).text == "/v1/tree/")
        #expect(Address.tree(.root, verb: "start").text == "/v1/tree/:start")
        #expect(
            Address.tree(try Path("/a/b"), verb: "stop", ["selector": "vars.x in (1,2)&+"]).text
                == "/v1/tree/a/b:stop?selector=vars.x%20in%20%281%2C2%29%26%2B")
    }

    @Test("common addresses a folder's definition, at the end only")
    func target() throws {
        #expect(try Target("/common") == .common(.root))
        #expect(try Target("/a/common") == .common(Path("/a")))
        #expect(try Target("/a/common").description == "/a/common")
        #expect(throws: PathError.self) { try Target("/common/a") }
        #expect(throws: PathError.self) { try Target("common") }
    }
}
