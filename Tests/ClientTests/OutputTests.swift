import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("What people see")
struct OutputTests {
    private let table = Table(
        header: ["NAME", "STATE", "CERTNAME"],
        rows: [["a", .state("running"), "a.lab"], ["longer", "", ""]])

    @Test("columns are as wide as their widest cell, and no line ends in blanks")
    func columns() {
        #expect(table.text(width: nil, hasColour: false) == "NAME    STATE    CERTNAME\na       running  a.lab\nlonger")
    }

    @Test("lines are cut to the width of the terminal", arguments: 1...30)
    func width(width: Int) {
        for line in table.text(width: width, hasColour: false).split(separator: "\n") {
            #expect(line.count <= width, "\(line)")
        }
    }

    @Test("what is cut ends in an ellipsis")
    func cut() {
        #expect(table.text(width: 20, hasColour: false) == "NAME    STATE    CE…\na       running  a.…\nlonger")
    }

    @Test("a state has a colour where colours are shown")
    func colour() {
        #expect(Table(rows: [[.state("running")]]).text(width: nil, hasColour: true) == "\u{1B}[32mrunning\u{1B}[0m")
    }

    @Test("what could steer the terminal is shown, not sent")
    func control() {
        #expect(Cell("a\u{1B}[31mb\n").text == "a\\u{1B}[31mb\\n")
        #expect(Cell("a\u{202E}b\u{2028}").text == "a\\u{202E}b\\u{2028}")
        #expect(
            Failure("x\u{7}", details: ["\u{9B}2J"], hint: "h").text == "headwater: x\\u{07}\n  \\u{009B}2J\nhint: h")
    }

    @Test("entries are drawn as a tree, with the folders that hold them")
    func tree() throws {
        let entries = [
            ("/x", "folder", ""), ("/x/a", "vm", "running"), ("/x/b", "folder", ""), ("/x/b/c", "vm", "failed"),
            ("/x/d/e/f", "vm", "running"),
        ].map { Listing(map: ["path": .string($0.0), "kind": .string($0.1), "state": .string($0.2)]) }
        let picture = TreePicture(root: try Path("/x"), entries: entries)
        #expect(
            picture.lines(levels: nil, false) == [
                "/x/", "├── a  running", "├── b/", "│   └── c  failed", "└── d/", "    └── e/",
                "        └── f  running",
            ])
        #expect(picture.lines(levels: 1, false) == ["/x/", "├── a  running", "├── b/", "└── d/"])
        #expect(picture.sum == "1 folder, 3 machines: 2 running, 1 failed")
    }

    @Test("a locale without Unicode gets a tree of ASCII")
    func plainTree() throws {
        let entries = [("/x/b/c", "vm"), ("/x/d", "folder")].map {
            Listing(map: ["path": .string($0.0), "kind": .string($0.1), "state": "running"])
        }
        let picture = TreePicture(root: try Path("/x"), entries: entries)
        #expect(
            picture.lines(levels: nil, false, isUnicode: false) == [
                "/x/", "|-- b/", "|   `-- c  running", "`-- d/",
            ])
        for (environment, isUnicode) in [
            ([:], false), (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true),
            (["LANG": "en_US.UTF-8", "LC_ALL": "C"], false), (["LC_CTYPE": "C.UTF-8", "LANG": "C"], true),
            (["LC_ALL": "", "LANG": "de_DE.UTF-8"], true), (["LANG": "de_DE.ISO-8859-1"], false),
        ] {
            #expect(Terminal.isUnicode(environment) == isUnicode, "\(environment)")
        }
    }

    @Test("what steers a terminal or turns a text around is shown by its number, emoji are shown as they are")
    func printable() {
        #expect(
            Terminal.printable("a\u{202E}b\u{1B}[2Jc\u{2066}\u{200F}\n")
                == "a\\u{202E}b\\u{1B}[2Jc\\u{2066}\\u{200F}\\n")
        #expect(Terminal.printable("\u{2028}\u{85}") == "\\u{2028}\\u{0085}")
        #expect(Terminal.printable("ñ 👩🏽‍💻 шрифт") == "ñ 👩🏽‍💻 шрифт")
        let terminal = Terminal(isInteractive: true, hasColour: true, width: 80)
        let entry: Map = ["path": "/a", "kind": "folder", "definition": ["vars": ["a\u{202E}": "\u{202E}"]]]
        #expect(EntrySummary(entry).text(terminal).hasSuffix("a\\u{202E}: \\u{202E}"))
        #expect(terminal.shown("a: \"\u{202E}\"\nb: 1\n") == "a: \"\\u{202E}\"\nb: 1\n")
        let file = Terminal(isInteractive: false, hasColour: false, width: nil)
        #expect(file.shown("\u{202E}") == "\u{202E}")
    }

    @Test("options before the command are refused with the order that is right")
    func order() throws {
        let failure = try #require(throws: Failure.self) { try Headwater.checkOrder(["-o", "json", "ls", "/lab"]) }
        #expect(failure.text == "headwater: -o: options stand behind the command\nhint: headwater ls /lab -o json")
        #expect(failure.status == 2)
        for words in [["--help", "ls"], ["ls", "-o"], ["--generate-completion-script", "bash"], []] {
            try Headwater.checkOrder(words)
        }
    }

    @Test(
        "a command that there is none of is refused with the one that is meant",
        arguments: [
            ("delete", "; did you mean rm?"), ("list", "; did you mean ls?"), ("show", "; did you mean get?"),
            ("status", "; did you mean get?"), ("get-all", "; did you mean ls?"), ("gett", "; did you mean get?"),
            ("xyzzyx", ""),
        ])
    func unknownCommand(_ name: String, _ hint: String) throws {
        let failure = try #require(throws: Failure.self) { try Headwater.checkCommand(name) }
        #expect(failure.message == "no command is called \"\(name)\"\(hint)")
        #expect(failure.status == 2)
        for name in ["ls", "edit", "help", "--version", "start", nil] { try Headwater.checkCommand(name) }
    }

    @Test("a single machine is a tree too")
    func leaf() throws {
        let entry = Listing(map: ["path": "/x/a", "kind": "vm", "state": "running"])
        #expect(TreePicture(root: try Path("/x/a"), entries: [entry]).lines(levels: nil, false) == ["/x/a  running"])
    }

    @Test("a progress bar fills as things get done")
    func progress() {
        let lines = [0, 2, 4].map {
            ProgressBar(label: "start /x", done: $0, total: 4).line(width: 36, hasColour: false)
        }
        #expect(lines == ["start /x  ░░░░░░░░  0/4", "start /x  ████░░░░  2/4", "start /x  ████████  4/4"])
    }

    @Test("a progress bar fits its terminal, whatever the numbers", arguments: [20, 40, 80, 200])
    func progressWidth(width: Int) {
        for (done, total) in [(0, 0), (-1, 3), (9, 3), (500, 1000)] {
            let bar = ProgressBar(label: "start /x", done: done, total: total, step: "wait for the guest to shut down")
            #expect(bar.line(width: width, hasColour: false).count <= width)
        }
    }

    @Test("a bare value is what a shell can use")
    func readable() {
        #expect(Value.string("a b").readable == "a b")
        #expect(Value.integer(3).readable == "3")
        #expect(Value.float(1).readable == "1.0")
        #expect(Value.null.readable == "null")
        #expect((["a": 1] as Value).readable == "a: 1\n")
    }

    @Test("a dotted path finds its value, through maps and lists")
    func key() throws {
        let value: Value = ["a": ["b.c": [["d": 1]]]]
        #expect(value[try DottedPath("a.\"b.c\".0.d")] == 1)
        for key in ["a.x", "a.\"b.c\".1", "a.\"b.c\".x", "a.\"b.c\".0.d.e"] {
            #expect(value[try DottedPath(key)] == Value?.none, "\(key)")
        }
    }
}
