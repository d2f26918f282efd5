import Formats
import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("Explanations and history on a terminal")
struct ExplainTests {
    private let plain = Terminal(isInteractive: false, hasColour: false, width: nil)

    private func map(_ yaml: String) throws -> Map {
        try #require(try YAML.decode(Array(yaml.utf8)).map)
    }

    private let document = """
        values:
          - {key: vars.l, value: [1, 2], from: /a/common, strategy: append, own: [2], overrode: [],
             joined: [{from: /common, value: [1]}]}
          - {key: vars.u, value: "http://x", from: /common, written: "http://${{ self.name }}", overrode: [{from: /common, value: 1}],
             references: [{key: self.name, value: x}]}
          - {key: vars.p, absent: vars.p was unset at /a/common, overrode: [], unset: [{at: /a/common, from: /common, value: 7}]}
        layers:
          /common: {path: /, revision: 2, principal: ana, time: "2026-03-01T10:00:00.000Z"}
          /a/common: {path: /a, revision: 0}
        problems: [{path: /a/m, key: vars.z, detail: is wrong}]
        """

    @Test("a key is a tree: what gives it, and what that rests on")
    func trees() throws {
        #expect(
            ExplainSummary(try map(document)).trees(plain) == """
                problem: /a/m: vars.z: is wrong
                vars.l  [1,2]
                ├── from  /a/common  [2]
                └── append to  /common  [1]  r2 ana 2026-03-01
                vars.u  "http://x"
                ├── from  /common  "http://${{ self.name }}"  r2 ana 2026-03-01
                ├── overrode  /common  1  r2 ana 2026-03-01
                └── by  ${{ self.name }}  "x"
                vars.p was unset at /a/common
                └── unset at  /a/common
                    └── was  7  /common  r2 ana 2026-03-01
                """)
    }

    @Test("all values are a table of keys and levels")
    func table() throws {
        #expect(
            ExplainSummary(try map(document)).table(plain) == """
                problem: /a/m: vars.z: is wrong
                vars.l  /a/common  [1,2]
                vars.u  /common    "http://x"
                vars.p             vars.p was unset at /a/common
                """)
    }

    @Test("what a tool sees has its place, and reasons below it")
    func seen() throws {
        let seen = """
            as: enc
            seen:
              - {key: vars.a, place: parameters.a, value: 1, reasons: []}
              - {key: vars.title, reasons: [{key: vars.title, detail: Puppet sets it}]}
            """
        #expect(
            ExplainSummary(try map(seen)).table(plain) == """
                vars.a      → parameters.a  1
                vars.title  → nothing
                    Puppet sets it
                """)
        #expect(ExplainSummary(["as": "enc", "seen": []]).table(plain) == "enc sees nothing of it")
    }

    @Test("blame is the definition with who gave each line")
    func blame() throws {
        let blamed = """
            values:
              - {key: vars.m.a, value: 1, from: /common, since: {revision: 12, principal: ana, time: "2026-03-01T1"}}
              - {key: vars.m.b, value: x, from: /a/common, since: {revision: 3, earlier: true, principal: bo, time: "2026-03-02T1"}}
              - {key: note, value: n, from: /a/m}
            """
        #expect(
            BlameSummary(try map(blamed)).text(plain) == """
                                                 vars:
                                                   m:
                r12  ana  2026-03-01  /common        a: 1
                ≤r3  bo   2026-03-02  /a/common      b: "x"
                                      /a/m       note: "n"
                """)
    }

    @Test("a revision says who, when, why, and what was before and after")
    func revision() throws {
        let revision = """
            {number: 3, principal: ana, time: "2026-03-01T10:00:01.123Z", message: exam, left: 2, changes: [
              {path: /so, change: changed, differences: [{key: vars.x, before: 1, after: [2]}, {key: vars.y, after: n}]},
              {path: /b, from: /a, change: moved, differences: []}]}
            """
        #expect(
            RevisionSummary(try map(revision)).text(plain) == """
                revision 3
                  by       ana
                  at       2026-03-01 10:00:01
                  message  exam
                changed /so
                    - vars.x: 1
                    + vars.x: [2]
                    + vars.y: "n"
                moved /a → /b
                … and 2 more entries
                """)
    }
}
