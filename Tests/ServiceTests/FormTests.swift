import Formats
import HTTP
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("How requests and answers look")
struct FormTests {
    @Test("a definition comes back as JSON or YAML with its keys, numbers and characters as written")
    func formats() async throws {
        try await Site.with { site in
            let written = #"{"vars":{"z":1,"a":1.0,"ñ":"é😀","m":{"y":null,"b":[true,0.1,"08"]}}}"#
            let put = try await site.send(
                "PUT", "/v1/tree/x", [("Content-Type", "application/json; charset=utf-8")],
                body: Array(#"{"kind":"folder","definition":\#(written)}"#.utf8))
            #expect(put.status == 201)
            let json = try await site.get("/v1/tree/x/common")
            #expect(json.text == written + "\n")
            #expect(json.header("Content-Type") == "application/json")
            let yaml = try await site.get("/v1/tree/x/common", ("Accept", "application/yaml"))
            #expect(yaml.header("Content-Type") == "application/yaml")
            let again = try await site.send(
                "PUT", "/v1/tree/y/common", [("Content-Type", "application/yaml")], body: yaml.body)
            #expect(again.status == 201, "\(again.text)")
            #expect(try await site.get("/v1/tree/y/common").text == written + "\n")
        }
    }

    @Test("the tag of an entry answers 304, and guards writes, whichever form it was read in")
    func tags() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for accept in ["application/json", "application/yaml"] {
                for target in ["/v1/tree/so/common", "/v1/tree/so", "/v1/tree/so/ana/db"] {
                    let tag = try #require(try await site.get(target, ("Accept", accept)).header("ETag"))
                    let same = try await site.get(target, ("Accept", accept), ("If-None-Match", "\"x\", \(tag)"))
                    #expect(same.status == 304)
                    #expect(same.body.isEmpty)
                    #expect(same.revision != nil)
                    let patch = try await site.patch(
                        target, ["vars": ["by": .string(accept + target)]], ("If-Match", tag))
                    #expect(patch.status == 200, "\(patch.text)")
                    let stale = try await site.patch(target, ["vars": ["by": "late"]], ("If-Match", tag))
                    #expect(stale.status == 412)
                    #expect(stale.detail.hasSuffix(" has changed since it was read; read it again"))
                }
            }
            let taken = try await site.put("/v1/tree/so", ["kind": "folder"], ("If-None-Match", "*"))
            #expect(taken.status == 412)
            let free = try await site.put("/v1/tree/new", ["kind": "folder"], ("If-None-Match", "*"))
            #expect(free.status == 201)
            #expect(try await site.put("/v1/tree/no", ["kind": "folder"], ("If-Match", "*")).status == 412)
            #expect(try await site.delete("/v1/tree/new", ("If-Match", "\"old\"")).status == 412)
        }
    }

    @Test("the tag of a tool's document answers 304")
    func documentTags() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for target in DocumentCache.targets(of: Trees.web) {
                let reply = try await site.get(target)
                #expect(reply.status == 200, "\(target): \(reply.text)")
                let tag = try #require(reply.header("ETag"), "\(target)")
                let same = try await site.get(target, ("If-None-Match", tag))
                #expect(same.status == 304, "\(target)")
                let yaml = try await site.get(target, ("Accept", "application/yaml"))
                #expect(try YAML.decode(yaml.body) == reply.json, "\(target)")
            }
        }
    }

    @Test("every answer of every route says the revision, errors too")
    func revisions() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for route in ServiceRoute.all {
                let reply = try await site.send(route.method.rawValue, route.example)
                #expect(reply.revision != nil, "\(route.method) \(route.example) \(reply.status)")
            }
            let revision = try await site.get("/v1/whoami").revision
            for target in ["/nothing", "/v1/tree/so/x", "/enc/nobody", "/v1/tree?at=99", "/v1/tree/Bad", "/a//b"] {
                #expect(try await site.get(target).revision == revision, "\(target)")
            }
            #expect(try await site.send("PUT", "/ansible").revision == revision)
            #expect(try await site.send("BREW", "/ansible").revision == revision)
        }
    }

    @Test("HEAD is answered as GET without the body")
    func head() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for target in ["/v1/tree/so", "/enc/\(Trees.web)", "/ansible", "/metrics", "/healthz"] {
                let (get, head) = (try await site.get(target), try await site.send("HEAD", target))
                #expect(head.status == 200 && head.body.isEmpty, "\(target)")
                #expect(head.header("ETag") == get.header("ETag"), "\(target)")
                if !["/metrics"].contains(target) {
                    #expect(head.header("Content-Length") == String(get.body.count), "\(target)")
                }
            }
        }
    }

    @Test("a wrong method is 405 with those that are allowed")
    func methods() async throws {
        try await Site.with { site in
            let reply = try await site.send("DELETE", "/ansible")
            #expect(reply.status == 405)
            #expect(reply.header("Allow") == "GET, HEAD")
            #expect(reply.detail == "DELETE is not for /ansible; expected GET, HEAD")
            #expect(try await site.send("POST", "/v1/tree/so").header("Allow") == "GET, HEAD, PUT, PATCH, DELETE")
        }
    }

    @Test("a machine that is not known is named by the problem document, and nothing else that is not there is")
    func unknownMachine() async throws {
        try await Site.with { site in
            for place in ["/enc/", "/hiera/", "/pillar/", "/salt/top/", "/ansible/hosts/"] {
                let reply = try await site.get(place + "nobody.example")
                #expect(reply.status == 404 && reply["certname"] == "nobody.example", "\(reply.text)")
            }
            for place in ["/encs/nobody.example", "/x/enc/nobody.example", "/enc/nobody.example/x", "/v1/tree/nobody"] {
                let reply = try await site.get(place)
                #expect(reply.status == 404 && reply["certname"] == nil, "\(reply.text)")
            }
        }
    }

    @Test("an error is a problem document with its place")
    func problems() async throws {
        try await Site.with { site in
            let reply = try await site.put(
                "/v1/tree/x", ["kind": "folder", "definition": ["hardware": ["memory": "much"]]])
            #expect(reply.status == 422)
            #expect(reply.header("Content-Type") == "application/problem+json")
            #expect(
                reply.json == [
                    "type": "about:blank", "title": "Unprocessable Content", "status": 422,
                    "detail":
                        "/x: hardware.memory: expected a size such as 10GiB, or a number of bytes, found the string \"much\"",
                    "path": "/x", "key": "hardware.memory", "layer": "/x/common",
                    "problems": [
                        [
                            "path": "/x", "key": "hardware.memory", "layer": "/x/common",
                            "detail": "expected a size such as 10GiB, or a number of bytes, found the string \"much\"",
                        ]
                    ],
                ], "\(reply.text)")
        }
    }

    @Test("a body that cannot be read is 400 with line and column, one of another type 415, one too large 413")
    func bodies() async throws {
        try await Site.with { site in
            let broken = try await site.send(
                "PUT", "/v1/tree/x", [("Content-Type", "application/json")], body: Array("{\"kind\":\n \"vm\",}".utf8))
            #expect(broken.status == 400)
            #expect(broken["line"] == 2)
            #expect(broken["column"]?.integer != nil)
            let yaml = try await site.post("/v1/apply", yaml: "root: /\n\tentries: []\n")
            #expect(yaml.status == 400)
            #expect(yaml["line"] == 2)
            let form = try await site.send(
                "PUT", "/v1/tree/x", [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("kind=vm".utf8))
            #expect(form.status == 415)
            #expect(
                form.detail
                    == "a body of type application/x-www-form-urlencoded; expected application/json or application/yaml"
            )
            let large = try await site.send(
                "PUT", "/v1/tree/x", body: [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1))
            #expect(large.status == 413)
            #expect(large.detail == "the body is too large: expected at most 16777216 bytes")
            #expect(large.revision == 1)
        }
    }

    @Test("a query that a route does not know is refused, with the nearest that it does")
    func queries() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for (target, detail) in [
                ("/v1/tree?recursiv=true", "unknown query \"recursiv\"; did you mean \"recursive\"?"),
                ("/enc/\(Trees.web)?color=red", "unknown query \"color\"; expected at"),
                ("/healthz?at=1", "unknown query \"at\"; expected none"),
                ("/v1/tree?recursive=yes", "recursive=yes: expected true or false"),
                ("/v1/tree?recursive&limit=0", "limit=0: expected a number from 1 to 100000"),
                ("/ansible?vars=some", "vars=some: expected all, connection or none"),
                (
                    "/v1/tree?at=-1",
                    "at=-1: expected the number of a revision, or a time such as 2026-11-17T08:00:00Z or 2026-11-17"
                ),
                (
                    "/v1/tree?recursive&fields=color",
                    "fields: unknown field \"color\"; expected some of \(EntryDocument.fields.joined(separator: ", "))"
                ),
            ] {
                let reply = try await site.get(target)
                #expect(reply.status == 400, "\(target)")
                #expect(reply.detail == detail)
            }
        }
    }
}

extension DocumentCache {
    /// All documents of a machine.
    static func targets(of certname: String) -> [String] {
        [
            "/enc/\(certname)", "/hiera/\(certname)", "/hiera/\(certname)/site", "/hiera/\(certname)/headwater",
            "/ansible/hosts/\(certname)", "/ansible/hosts/\(certname)?vars=connection", "/pillar/\(certname)",
            "/salt/top/\(certname)",
        ]
    }
}
