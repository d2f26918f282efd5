import Foundation
import Testing
import Tree

@testable import Service

@Suite("Tricks with paths")
struct PathTrickTests {
    /// A request for a place of a certain name, and what it is answered whether that place is hidden or not there.
    private struct Trick: Sendable {
        let method: String
        let target: String
        let status: Int

        init(_ target: String, _ status: Int, _ method: String = "GET") {
            self.method = method
            self.target = target
            self.status = status
        }

        var description: String { "\(method) \(target)" }
    }

    /// Where there is `NAME` stands the name of a folder, where there is `NAME[0]` its first letter in hexadecimal.
    private static let tricks: [Trick] = [
        Trick("/v1/tree/courses/so/NAME", 404),
        Trick("/v1/tree/courses/so/NAME/", 404),
        Trick("/v1/tree/courses/so/NAME/sheet", 404),
        Trick("/v1/tree/courses/so/NAME/common", 404),
        Trick("/v1/tree/courses/so/NAME?recursive=true", 404),
        Trick("/v1/tree/courses/so/NAME?at=2", 404),
        Trick("/v1/tree/courses/so/%NAME[0]", 404),
        Trick("http://elsewhere/v1/tree/courses/so/NAME", 404),
        // Two readers could take these for two paths.
        Trick("/v1/tree/courses/so/./NAME", 400),
        Trick("/v1/tree/courses/so/../so/NAME", 400),
        Trick("/v1/tree/courses/so/%2e%2e/so/NAME", 400),
        Trick("/v1/tree/courses/so/alice/..%2f..%2fso%2fNAME", 400),
        Trick("/v1/tree/courses/so%2fNAME", 400),
        Trick("/v1/tree/courses/so%5cNAME", 400),
        Trick("/v1/tree/courses//so//NAME", 400),
        Trick("//v1/tree/courses/so/NAME", 400),
        Trick("/v1/tree/courses/so/NAME%00", 400),
        Trick("/v1/tree/courses/so/NAME%00.json", 400),
        // No names, and taken for none.
        Trick("/v1/tree/courses/so/NAME.", 400),
        Trick("/v1/tree/courses/so/NAME...", 400),
        Trick("/v1/tree/courses/so/NAME%20", 400),
        Trick("/v1/tree/courses/so/NAME;v=1", 400),
        Trick("/v1/tree/courses/so/%2565NAME", 400),
        Trick("/v1/tree/courses/SO/NAME", 400),
        Trick("/v1/tree/COURSES/so/NAME", 400),
        // U+0455 and U+FF53 look like an s, U+200B like nothing, and U+0301 joins the letter before it.
        Trick("/v1/tree/courses/%D1%95o/NAME", 400),
        Trick("/v1/tree/courses/%EF%BD%93o/NAME", 400),
        Trick("/v1/tree/courses/so/NAME%E2%80%8B", 400),
        Trick("/v1/tree/courses/so/NAME%CC%81", 400),
        // Longer than a character can be encoded: no UTF-8.
        Trick("/v1/tree/courses/so%C0%AFNAME", 400),
        // The same place by its other names.
        Trick("/v1/computed/courses/so/NAME", 404),
        Trick("/v1/explain/courses/so/NAME/sheet", 404),
        Trick("/v1/access/courses/so/NAME", 404),
        Trick("/v1/revisions?path=/courses/so/NAME", 200),
        Trick("/v1/revisions?path=/courses/so/../so/NAME", 400),
        Trick("/ansible?folder=/courses/so/NAME", 404),
        Trick("/ansible?folder=/courses/so/NAME/", 404),
        Trick("/enc/sheet.NAME.so.courses.lab.example", 404),
        Trick("/enc/sheet.NAME.so.courses.lab.example.", 404),
        Trick("/enc/SHEET.NAME.so.courses.lab.example", 404),
        Trick("/hiera/sheet.NAME.so.courses.lab.example/answer", 404),
        Trick("/pillar/sheet.NAME.so.courses.lab.example", 404),
        Trick("/v1/tree/courses/so/NAME", 404, "HEAD"),
        Trick("/v1/tree/courses/so/NAME", 404, "DELETE"),
        Trick("/v1/tree/courses/so/NAME/sheet:start", 404, "POST"),
        Trick("/v1/tree/courses/so/NAME/sheet:start:start", 400, "POST"),
    ]

    @Test("show of a hidden place nothing but the bytes that a place which is not there is answered with")
    func tricks() async throws {
        try await Courses.with { site in
            // Bob has a folder beside it, and is a user there.
            let bob = site.acting(as: "bob")
            #expect(try await site.get("/v1/tree/courses/so/exam/sheet").status == 200)
            for trick in Self.tricks {
                let hidden = try await reply(to: trick, named: "exam", bob)
                let absent = try await reply(to: trick, named: "exum", bob)
                #expect(hidden.status == trick.status, "\(trick.description): \(hidden.text)")
                #expect(hidden.comparable == absent.comparable, "\(trick.description)")
            }
        }
    }

    @Test("lead the superuser nowhere else than the plain path does")
    func superuser() async throws {
        try await Courses.with { site in
            for trick in Self.tricks where trick.status == 400 {
                let reply = try await reply(to: trick, named: "exam", site)
                #expect(reply.status == 400, "\(trick.description): \(reply.text)")
            }
        }
    }

    private func reply(to trick: Trick, named name: String, _ site: Site) async throws -> Reply {
        let first = String(name.utf8.first ?? 0, radix: 16) + name.dropFirst()
        let target = trick.target.replacing("NAME[0]", with: first).replacing("NAME", with: name)
        return try await site.send(trick.method, target)
    }
}

extension Reply {
    /// All that is answered, with the one name put for the other.
    fileprivate var comparable: String {
        let headers = headers.filter { $0.name != "Date" }.map { "\($0.name): \($0.value)" }
        return "\(status) \(headers) \(text)".replacingOccurrences(of: "exum", with: "exam", options: .literal)
    }
}
