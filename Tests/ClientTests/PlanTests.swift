import Formats
import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("Plans on a terminal")
struct PlanTests {
    private let plain = Terminal(isInteractive: false, hasColour: false, width: nil)

    private func plan(_ yaml: String) throws -> Plan {
        Plan(map: try #require(try YAML.decode(Array(yaml.utf8)).map))
    }

    private let document = """
        id: 41-9f86d081884c7d65
        valid: false
        counts: {entries: 3, reached: 9, affected: 7, renamed: 1, pending: 2, settled: 1, broken: 1, mended: 0}
        changes:
          - {path: /a, change: changed, differences: [{key: vars.x, before: 1, after: [2]}]}
          - {path: /a/new, change: created, differences: [{key: vars.y, after: 1}, {key: note, after: n}]}
          - {path: /b/m, from: /a/m, change: moved, differences: []}
        affected:
          - {machines: 3, change: changed, listed: [{certname: p.lab}, {certname: q.lab}],
             differences: [{key: vars.x, before: 1, after: [2]}], documents: {enc: [{key: parameters.x, after: 2}], pillar: []}}
          - {machines: 1, change: changed, listed: [{certname: r.lab}], differences: [{key: note, after: n}], documents: {}}
          - {machines: 1, change: created, listed: [{certname: one.lab}], differences: [{key: vars.y, after: 1}], documents: {}}
          - {machines: 1, change: created, listed: [{certname: two.lab}], differences: [{key: vars.y, after: 2}], documents: {}}
          - {machines: 1, change: moved, listed: [{certname: m.b, formerly: m.a}], documents: {hiera: []},
             differences: [{key: vars.url, before: "${{ self.certname }}", after: "${{ self.certname }}"}]}
        renamed: [{machines: 1, change: moved, listed: [{certname: m.b, formerly: m.a}]}]
        pending: [{machines: 2, verb: rebuild, listed: [{certname: p.lab}, {certname: q.lab}],
                   differences: [{key: disks.data.size, computed: 1GiB}]}]
        settled: [{machines: 1, verb: start, listed: [{certname: r.lab}], differences: [{key: hardware.cpus, applied: 2, computed: 4}]}]
        problems: [{machines: 1, listed: [{certname: s.lab}], problems: [{key: vars.z, layer: /a/common, detail: leads nowhere}]}]
        left: {affected: 2}
        """

    @Test("entries come first, then machines by what happens to them, what waits, what breaks, and all in one line")
    func whole() throws {
        #expect(
            PlanSummary(try plan(document)).text(plain) == """
                entries
                  changed /a
                      - vars.x: 1
                      + vars.x: [2]
                  created /a/new  2 keys
                  moved /a/m → /b/m
                machines
                  2 machines are created: one.lab, two.lab
                  3 machines change: p.lab, q.lab and 1 more
                      - vars.x: 1
                      + vars.x: [2]
                      seen in enc, pillar
                  1 machine changes: r.lab
                      + note: "n"
                      no tool sees it
                  1 machine moves: m.b
                      ~ vars.url: "${{ self.certname }}"
                      seen in hiera
                  … and 2 more
                new certnames
                  m.a → m.b
                pending
                  2 machines wait for a rebuild: p.lab, q.lab
                      disks.data.size: nothing applied, "1GiB" defined
                no longer pending
                  1 machine waited for a start: r.lab
                      hardware.cpus: 2 applied, 4 defined
                broken
                  1 machine breaks: s.lab
                      vars.z (from /a/common): leads nowhere
                plan 41-9f86d081884c7d65: 3 entries, 7 of 9 machines affected, 1 renamed, 2 pending, 1 broken
                """)
        #expect(try plan(document).refusal.message == "the change would break 1 machine")
    }

    @Test("the differences can be shown as they are in a tool's document")
    func view() throws {
        let text = PlanSummary(try plan(document)).text(plain, as: .enc)
        #expect(text.contains("3 machines change: p.lab, q.lab and 1 more\n      + parameters.x: 2\n  1 machine"))
    }

    @Test("a change of nothing is told in one line")
    func empty() throws {
        let none = try plan("{id: 1-0, valid: true, counts: {entries: 0}, changes: []}")
        #expect(PlanSummary(none).text(plain) == "plan 1-0: nothing changes" && !none.hasConsequences)
    }

    @Test(
        "people are asked when more is at stake than the data of one machine, but not for what is new",
        arguments: [
            ("{counts: {affected: 1}, affected: [{machines: 1, change: changed}]}", false),
            ("{counts: {affected: 1}, affected: [{machines: 1, change: removed}]}", false),
            ("{counts: {affected: 2}, affected: [{machines: 2, change: changed}]}", true),
            ("{counts: {affected: 1}, affected: [{machines: 1, change: destroyed}]}", true),
            ("{counts: {affected: 40}, affected: [{machines: 40, change: created}]}", false),
            (
                "{counts: {affected: 41}, affected: [{machines: 39, change: created}, {machines: 2, change: removed}]}",
                true
            ),
            ("{counts: {affected: 1, renamed: 1}, affected: [{machines: 1, change: moved}]}", true),
            ("{counts: {affected: 1, pending: 1}, affected: [{machines: 1, change: changed}]}", true),
            ("{counts: {affected: 0, broken: 1}}", true),
        ])
    func consequences(yaml: String, isAsked: Bool) throws {
        #expect(try plan(yaml).hasConsequences == isAsked)
    }

    @Test("what differs between two states of the tree is told entry by entry")
    func content() throws {
        func item(_ path: String, _ kind: Kind, _ definition: Map, file: String? = nil) throws -> FolderForm.Item {
            FolderForm.Item(path: try Path(path), kind: kind, definition: definition, file: file)
        }
        let old = Content(
            directory: [
                try item("/a", .folder, ["vars": ["x": 1]], file: "a"), try item("/a/m", .vm, [:], file: "m"),
                try item("/gone", .vm, ["note": "n"], file: "g"),
            ])
        let new = Content(
            directory: [
                try item("/a", .folder, [:]), try item("/a/m", .vm, ["vars": ["y": 2]], file: "m"),
                try item("/b", .folder, [:]),
            ], over: old)
        #expect(old.changes(to: old).isEmpty)
        #expect(
            old.changes(to: new) == [
                [
                    "path": "/a/m", "kind": "vm", "change": "changed",
                    "differences": [["key": "vars.y", "after": 2]],
                ],
                ["path": "/b", "kind": "folder", "change": "created", "differences": []],
                [
                    "path": "/gone", "kind": "vm", "change": "removed",
                    "differences": [["key": "note", "before": "n"]],
                ],
            ])
    }
}
