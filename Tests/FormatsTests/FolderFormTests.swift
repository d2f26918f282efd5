import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("A branch of the tree as a directory")
struct FolderFormTests {
    private let scratch = Scratch()

    @Test("fixtures/faculty reads back as it was written")
    func inverse() throws {
        let faculty = URL(fileURLWithPath: #filePath).appending(path: "../../../fixtures/faculty").standardized.path
        let items = try FolderForm.read(faculty)
        #expect(items.count { $0.kind == .vm } > 40)
        let copy = scratch.path("copy")
        let report = try FolderForm.write(items, below: .root, to: copy)
        #expect(report.written.count == items.count { !($0.kind == .folder && $0.definition.isEmpty) })
        #expect(report.left.isEmpty)
        #expect(try FolderForm.read(copy).map(bytes) == items.map(bytes))
    }

    @Test("random values read back as they were written, in YAML and in JSON")
    func random() throws {
        var random = RandomValue(seed: seed, allowsNULInKeys: false)
        scratch.write("j.json", "{}")
        for turn in 0..<200 {
            let definition: Map = ["vars": random.value()]
            let items = ["/y", "/j"].compactMap { try? Path($0) }.map {
                FolderForm.Item(path: $0, kind: .vm, definition: definition)
            }
            _ = try FolderForm.write(items, below: .root, to: scratch.directory)
            let back = try FolderForm.read(scratch.directory).filter { $0.kind == .vm }
            #expect(back.map(bytes) == items.reversed().map(bytes), "seed \(seed), turn \(turn)")
        }
    }

    @Test("a directory is a folder, common its definition, other names are machines")
    func names() throws {
        scratch.write("common.yaml", "vars: {a: 1}")
        scratch.write("web.yml", "note: one")
        scratch.write("lab/db.json", #"{"note": "two"}"#)
        scratch.write("lab/empty.yaml", "")
        let items = try FolderForm.read(scratch.directory, at: Path("/x"))
        #expect(
            items.map { "\($0.kind) \($0.path)" } == [
                "folder /x", "folder /x/lab", "vm /x/lab/db", "vm /x/lab/empty", "vm /x/web",
            ])
        #expect(items.map(\.definition) == [["vars": ["a": 1]], [:], ["note": "two"], [:], ["note": "one"]])
        #expect(items.map { $0.file != nil } == [true, false, true, true, true])
    }

    @Test("a single file is the entry of its name in the folder")
    func singleFile() throws {
        scratch.write("web.yaml", "note: one")
        scratch.write("common.yaml", "note: two")
        let machine = try FolderForm.read(scratch.path("web.yaml"), at: Path("/x"))
        #expect(machine.map { "\($0.kind) \($0.path)" } == ["vm /x/web"])
        let folder = try FolderForm.read(scratch.path("common.yaml"), at: Path("/x"))
        #expect(folder.map { "\($0.kind) \($0.path)" } == ["folder /x"])
    }

    @Test("hidden files are passed over, other files are noted")
    func otherFiles() throws {
        for name in [".git/config.yaml", ".web.yaml", "README.md", "web.yaml~", "web.yaml"] {
            scratch.write(name, "{}")
        }
        var noted: [String] = []
        let items = try FolderForm.read(scratch.directory) { noted.append($0) }
        #expect(items.map(\.path.description) == ["/", "/web"])
        #expect(noted == ["README.md", "web.yaml~"].map(scratch.path))
    }

    @Test("all faults are told at once, each with its place and what would be right")
    func faults() throws {
        scratch.write("Web Server.yaml", "")
        scratch.write("a.yaml", "note: x\nnote: y\n")
        scratch.write("b.json", "{\n  \"vars\": [1,\n}")
        scratch.write("c.yaml", "- one\n")
        scratch.write("d.yaml", "")
        scratch.write("d.json", "{}")
        scratch.write("d/common.yaml", "")
        scratch.write("e/common.yaml", "")
        scratch.write("e/common.json", "{}")
        scratch.write("f/common/web.yaml", "")
        let error = try #require(throws: FolderFormError.self) { try FolderForm.read(scratch.directory) }
        let lines = error.description.replacing(scratch.directory + "/", with: "").split(separator: "\n").map(
            String.init)
        #expect(
            lines == [
                "Web Server.yaml: /Web Server: \"Web Server\" is not a name: expected 1 to 63 of a-z, 0-9 and inner "
                    + "hyphens; \"web-server\" would do",
                "a.yaml:2:1: key \"note\" is given twice; expected each key once",
                "b.json:3:1: } is not allowed here; expected a value",
                "c.yaml: expected a definition, which is a map; found a list",
                "d: /d is described by d and by d.json and by d.yaml; expected one of them",
                "e/common.json: /e is described by e/common.json and by e/common.yaml; expected one of them",
                "f/common: /f/common: \"common\" is reserved for a folder's own definition and cannot name an entry",
            ])
    }

    @Test("a name that is not UTF-8 is a fault, and not passed over")
    func encoding() throws {
        scratch.write("a.yaml", "{}")
        for name in ["caf\u{1}.yaml", "caf\u{1}.txt"] {
            let bytes = scratch.path(name).utf8.map { $0 == 1 ? 0xE9 : $0 }.map(CChar.init(bitPattern:)) + [0]
            close(open(bytes, O_CREAT | O_WRONLY, 0o600))
        }
        let error = try #require(throws: FolderFormError.self) { try FolderForm.read(scratch.directory) }
        #expect(
            error.description
                == "\(scratch.path("caf\u{FFFD}.yaml")): the name is not valid UTF-8; expected text in UTF-8")
    }

    @Test("a link leads to a file of the same directory, or is refused")
    func links() throws {
        scratch.write("in/web.yaml", "note: one")
        scratch.write("secret.yaml", "note: two")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: scratch.path("in/twin.yaml"), withDestinationPath: "web.yaml")
        #expect(try FolderForm.read(scratch.path("in")).map(\.path.description) == ["/", "/twin", "/web"])

        for (name, target) in [("out.yaml", "../secret.yaml"), ("loop", "."), ("gone.yaml", "nothing.yaml")] {
            let link = scratch.path("in/" + name)
            try manager.createSymbolicLink(atPath: link, withDestinationPath: target)
            let error = try #require(throws: FolderFormError.self) { try FolderForm.read(scratch.path("in")) }
            #expect(error.description.hasPrefix("\(link): is a link to "))
            #expect(
                error.description.contains("in/nothing.yaml, which does not exist; ") == (name == "gone.yaml"),
                "\(error)")
            #expect(error.description.hasSuffix("; expected a link to a file within \(scratch.path("in")), or no link"))
            try manager.removeItem(atPath: link)
        }
    }

    @Test("what is missing, or neither directory nor definition, is refused")
    func noDirectory() throws {
        scratch.write("notes.txt", "")
        for (name, message) in [
            ("nothing", "does not exist; expected a directory or a file"),
            ("notes.txt", "expected a directory, or a file that ends in .yaml, .yml or .json"),
        ] {
            let error = try #require(throws: FolderFormError.self) { try FolderForm.read(scratch.path(name)) }
            #expect(error.description == "\(scratch.path(name)): \(message)")
        }
    }

    @Test("writing keeps files that say the same, keeps endings, and deletes nothing")
    func update() throws {
        scratch.write("web.yaml", "note: one # with a comment\n")
        scratch.write("db.json", #"{"note": "old"}"#)
        scratch.write("common.yaml", "note: gone\n")
        scratch.write("other.yaml", "")
        scratch.write("README.md", "")
        let items = [
            FolderForm.Item(path: .root, kind: .folder, definition: [:]),
            FolderForm.Item(path: try Path("/db"), kind: .vm, definition: ["note": "new"]),
            FolderForm.Item(path: try Path("/web"), kind: .vm, definition: ["note": "one"]),
            FolderForm.Item(path: try Path("/lab"), kind: .folder, definition: [:]),
        ]
        let report = try FolderForm.write(items, below: .root, to: scratch.directory)
        #expect(report.written == ["common.yaml", "db.json"].map(scratch.path))
        #expect(report.unchanged == ["web.yaml"].map(scratch.path))
        #expect(report.left == ["other.yaml"].map(scratch.path))
        #expect(scratch.read("web.yaml") == "note: one # with a comment\n")
        #expect(scratch.read("db.json") == "{\n  \"note\": \"new\"\n}\n")
        #expect(scratch.read("common.yaml") == "{}\n")
        #expect(FileManager.default.fileExists(atPath: scratch.path("lab")))
    }

    @Test("a branch and a machine are written where they are read from")
    func branch() throws {
        let web = FolderForm.Item(path: try Path("/x/y/web"), kind: .vm, definition: ["note": "one"])
        let report = try FolderForm.write([web], below: web.path, to: scratch.directory)
        #expect(report.written == [scratch.path("web.yaml")])
        let below = try FolderForm.write([web], below: Path("/x"), to: scratch.path("x"))
        #expect(below.written == [scratch.path("x/y/web.yaml")])
    }

    @Test("nothing is written through a link to another directory")
    func writingThroughLinks() throws {
        scratch.write("outside/web.yaml", "note: mine\n")
        scratch.write("in/common.yaml", "")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("in/lab"), withDestinationPath: scratch.path("outside"))
        let lab = FolderForm.Item(path: try Path("/lab"), kind: .folder, definition: [:])
        let web = FolderForm.Item(path: try Path("/lab/web"), kind: .vm, definition: [:])
        for items in [[lab, web], [web]] {
            let error = try #require(throws: FolderFormError.self) {
                try FolderForm.write(items, below: .root, to: scratch.path("in"))
            }
            #expect(error.description == "\(scratch.path("in/lab")): exists and is no directory")
        }
        #expect(scratch.read("outside/web.yaml") == "note: mine\n")
    }

    @Test("where a directory was exported from is read as it was written, and is no entry")
    func origin() throws {
        #expect(try FolderForm.Origin.read(in: scratch.directory) == nil)
        let origin = FolderForm.Origin(path: try Path("/x/y"), revision: 41, time: "2026-11-21T12:37:03.045Z")
        try origin.write(in: scratch.directory)
        #expect(try FolderForm.Origin.read(in: scratch.directory) == origin)
        #expect(try FolderForm.read(scratch.directory).map(\.path.description) == ["/"])
        #expect(try FolderForm.write([], below: .root, to: scratch.directory).left == [])
        for text in ["", "path: /x\nrevision: -1\ntime: t\n", "path: x\nrevision: 1\ntime: t\n"] {
            scratch.write(".headwater", text)
            let error = try #require(throws: FolderFormError.self) { try FolderForm.Origin.read(in: scratch.directory) }
            #expect(
                error.description
                    == "\(scratch.path(".headwater")): expected path, revision and time, as `headwater export` writes "
                    + "them; export anew, or remove it")
        }
    }

    @Test("an entry is removed with its files, a folder's directory once it is empty")
    func remove() throws {
        for name in ["a/common.yaml", "a/web.yml", "a/notes.txt", "b/common.json"] { scratch.write(name, "{}") }
        func remove(_ path: String, _ kind: Kind) throws -> [String] {
            try FolderForm.remove(Path("/x\(path)"), kind, below: Path("/x"), from: scratch.directory)
        }
        #expect(try remove("/a/web", .vm) == [scratch.path("a/web.yml")])
        #expect(try remove("/a/web", .vm) == [])
        #expect(try remove("/a", .folder) == [scratch.path("a/common.yaml")])
        #expect(try remove("/b", .folder) == [scratch.path("b/common.json")])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.directory) == ["a"])
    }

    private func bytes(_ item: FolderForm.Item) -> String {
        "\(item.kind) \(item.path) " + String(decoding: JSON.encode(.map(item.definition)), as: UTF8.self)
    }
}
