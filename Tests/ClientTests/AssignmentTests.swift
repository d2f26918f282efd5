import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("Changes on the command line")
struct AssignmentTests {
    @Test(
        "a value is a number, a boolean, a structure of YAML, or else the text itself",
        arguments: [
            ("1", 1), ("-2.50", -2.5), ("true", true), ("yes", "yes"), ("0644", "0644"), ("4GiB", "4GiB"), ("", ""),
            ("[1, a]", [1, "a"]), ("{a: 1}", ["a": 1]), ("\"1\"", "1"), ("'true'", "true"), ("a: b", "a: b"),
            ("- a", "- a"), ("*.lab", "*.lab"), ("%{os}", "%{os}"), ("${{ vars.x }}", "${{ vars.x }}"),
            ("a # b", "a # b"),
            ("#ff0000", "#ff0000"), ("&x", "&x"), ("---", "---"), ("5 # five", "5 # five"), ("!!int 5", "!!int 5"),
            ("{{ x }}", "{{ x }}"), ("{% if x %}", "{% if x %}"), ("{{ x }} and {{ y }}", "{{ x }} and {{ y }}"),
            ("a=b", "a=b"), ("2001:db8::1", "2001:db8::1"), ("[null]", [.null]),
        ] as [(String, Value)])
    func value(text: String, value: Value) throws {
        #expect(try Assignment("vars.x=" + text).value == value)
    }

    @Test("what is taken for a number or a boolean is told, and how the text is written if that is another")
    func notes() throws {
        let notes = [
            "vars.k8s=1.20": "1.2 (a number; for the text write vars.k8s='\"1.20\"')", "vars.n=3": "3",
            "vars.b=true": "true",
            "vars.x=0x10": "16 (an integer; for the text write vars.x='\"0x10\"')", "vars.t=text": nil,
            "vars.l=[1]": nil,
            "vars.r-": nil,
        ]
        for (text, note) in notes { #expect(try Assignment(text).note == note, "\(text)") }
    }

    @Test("a key ends at the first equals sign outside quotes")
    func key() throws {
        #expect(try Assignment(#"vars."a=b".c=1"#).key == ["vars", "a=b", "c"])
        #expect(try Assignment(#"vars."a\"=b"=1"#).key == ["vars", #"a"=b"#])
        #expect(try Assignment("vars.a-b=1") == Assignment("vars.a-b=1"))
    }

    @Test("a hyphen at the end removes a key")
    func removal() throws {
        #expect(try Assignment("vars.a-") == Assignment(removing: "vars.a"))
        #expect(try Assignment("vars.a-").value == nil)
        #expect(try Assignment("vars.a=x-").value == "x-")
    }

    @Test("all changes make one merge patch")
    func patch() throws {
        let changes = try ["vars.a=1", "vars.b.c=[2]", "hardware.memory=4GiB", "vars.d-"].map { try Assignment($0) }
        let patch = try Assignment.patch(changes)
        #expect(patch == ["vars": ["a": 1, "b": ["c": [2]], "d": .null], "hardware": ["memory": "4GiB"]])
    }

    @Test(
        "changes that contradict each other are refused",
        arguments: [
            (["a=1", "a=2"], "a is given twice, or within another key"),
            (["a=1", "a.b=2"], "a.b stands within another key that is given"),
            (["a-", "a=1"], "a is given twice, or within another key"),
            (["a.b=1", "a-"], "a is given twice, or within another key"),
        ])
    func contradiction(texts: [String], message: String) throws {
        let changes = try texts.map { try Assignment($0) }
        let failure = try #require(throws: Failure.self) { try Assignment.patch(changes) }
        #expect(failure.message == message)
    }

    @Test(
        "what is no change is refused",
        arguments: [
            ("vars", "\"vars\": expected KEY=VALUE to set a key, or KEY- to remove it"),
            (
                "=1",
                "\"\" is not a dotted path: a key is empty; expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
            ),
            (
                "a=[1",
                "a=[1: column 3 of the value: did not find expected ',' or ']'; expected a comma or ] in the list that [ begins"
            ),
            ("a=null", "a=null: a patch can set no null"),
            ("a={b: null}", "a={b: null}: a patch can set no null"),
        ])
    func faults(text: String, message: String) throws {
        let failure = try #require(throws: Failure.self) { try Assignment(text) }
        #expect(failure.message == message)
        #expect(failure.status == 2)
    }
}
